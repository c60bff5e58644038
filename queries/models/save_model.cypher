// Writes a model as the next version of its name; the writers' lease must be held.
// $name: the name
// $properties: its declared properties
OPTIONAL MATCH (old:EvidenceModel {name: $name})
WITH coalesce(max(old.version), 0) + 1 AS version
MERGE (m:EvidenceModel {id: $name + '@' + toString(version)})
ON CREATE SET m += $properties, m.name = $name, m.version = version
RETURN m.id AS id
