// Models, newest first.
// $name: only those of this name; '' for all
// $version: only this version; 0 for all
// $limit: how many at most
MATCH (m:EvidenceModel)
WHERE ($name = '' OR m.name = $name) AND ($version = 0 OR m.version = $version)
RETURN m.id AS id, m.name AS name, m.version AS version, m.source AS source,
       m.created_at AS created_at, m.tables AS tables, m.parameters AS parameters,
       m.reliability AS reliability, m.input_digest AS input_digest
ORDER BY m.created_at DESC, m.name, m.version DESC LIMIT $limit
