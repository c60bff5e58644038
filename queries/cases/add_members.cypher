// Adds to a case what is not in it yet; who added a thing first stays.
// $id: the case
// $sellers: maps of id and key
// $listings: maps of id and key
// $rings: maps of ring, version and key
// $properties: when and by whom
MATCH (c:Case {id: $id})
CALL (c) {
  UNWIND $sellers AS named
  MATCH (m:Seller {id: named.id})
  MERGE (c)-[r:CONTAINS {key: named.key}]->(m)
  ON CREATE SET r += $properties
  RETURN r
  UNION
  WITH c
  UNWIND $listings AS named
  MATCH (m:Listing {id: named.id})
  MERGE (c)-[r:CONTAINS {key: named.key}]->(m)
  ON CREATE SET r += $properties
  RETURN r
  UNION
  WITH c
  UNWIND $rings AS named
  MATCH (m:Ring {id: named.ring})
  MERGE (c)-[r:CONTAINS {key: named.key}]->(m)
  ON CREATE SET r += $properties, r.version = named.version
  RETURN r
}
RETURN count(r) AS held
