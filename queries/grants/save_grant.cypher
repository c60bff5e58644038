// Writes a new grant; a case that is not there has no row.
// $id: the grant
// $case: the case
// $key: the key of the relation between them
// $properties: its declared properties
MATCH (c:Case {id: $case})
MERGE (g:Grant {id: $id})
ON CREATE SET g += $properties
MERGE (g)-[:OPENS {key: $key}]->(c)
RETURN g.id AS id
