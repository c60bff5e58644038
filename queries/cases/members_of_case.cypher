// What a case holds, by kind and id.
// $id: the case
MATCH (:Case {id: $id})-[r:CONTAINS]->(m)
RETURN toLower(labels(m)[0]) AS kind, m.id AS id, r.version AS version, r.added_at AS added_at,
       r.added_by AS added_by
ORDER BY kind, id, version
