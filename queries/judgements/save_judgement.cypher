// Writes a judgement of two sellers; the one that stood before is superseded, never erased.
// $id: the judgement
// $a: the one seller
// $b: the other
// $key_a: the key of its relation to the one
// $key_b: the key of its relation to the other
// $properties: its declared properties
MATCH (a:Seller {id: $a})
MATCH (b:Seller {id: $b})
MERGE (j:Judgement {id: $id})
ON CREATE SET j += $properties
MERGE (j)-[:ON {key: $key_a}]->(a)
MERGE (j)-[:ON {key: $key_b}]->(b)
WITH j, a, b
OPTIONAL MATCH (a)<-[:ON]-(old:Judgement)-[:ON]->(b)
WHERE old.id <> $id AND old.superseded_by IS NULL
SET old.superseded_by = $id
RETURN j.id AS id, collect(old.id) AS superseded
