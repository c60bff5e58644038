// Writes a new API key; an id that is taken changes nothing and has no row.
// $id: the key's public id
// $properties: its declared properties
OPTIONAL MATCH (held:ApiKey {id: $id})
WITH held WHERE held IS NULL
CREATE (k:ApiKey {id: $id})
SET k += $properties
RETURN k.id AS id
