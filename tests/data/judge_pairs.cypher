// Judges pairs of sellers as `judge` does, many at once.
// $pairs: maps of id, a, b, key_a, key_b and verdict
UNWIND $pairs AS pair
MATCH (a:Seller {id: pair.a})
MATCH (b:Seller {id: pair.b})
CREATE (j:Judgement {id: pair.id, verdict: pair.verdict, because: 'seen', by: 'desk 4'})
CREATE (j)-[:ON {key: pair.key_a}]->(a)
CREATE (j)-[:ON {key: pair.key_b}]->(b)
