// Writes a new case.
// $id: the case
// $properties: its declared properties
MERGE (c:Case {id: $id})
ON CREATE SET c += $properties
RETURN c.id AS id
