// A version of a ring, as the last finished run that found it did.
// $id: the ring
// $version: the version; null for its latest
// $run: only as this run found it; '' for the last
MATCH (d:DetectionRun {state: 'finished'})-[f:FOUND]->(ring:Ring {id: $id})
WHERE f.version = coalesce($version, CASE $run WHEN '' THEN ring.version ELSE f.version END)
  AND ($run = '' OR d.id = $run)
RETURN ring.id AS id, f.version AS version, d.engine AS engine, d.id AS run, f.tier AS tier,
       ring.status AS status, f.size AS size, f.score AS score,
       f.score_reports AS score_reports, f.score_risk AS score_risk, f.event AS event,
       d.started_at AS found_at, ring.first_found_at AS first_found_at
ORDER BY d.started_at DESC, d.id DESC LIMIT 1
