// Versions of rings, each as the last finished run that found it did.
// $keys: maps of ring and version; a version of null is the ring's latest
// $run: only as this run found them; '' for the last
UNWIND $keys AS key
CALL (key) {
  MATCH (d:DetectionRun {state: 'finished'})-[f:FOUND]->(ring:Ring {id: key.ring})
  WHERE f.version = coalesce(
          key.version, CASE $run WHEN '' THEN ring.version ELSE f.version END
        )
    AND ($run = '' OR d.id = $run)
  RETURN d, f, ring ORDER BY d.started_at DESC, d.id DESC LIMIT 1
}
RETURN key.version AS asked, ring.id AS id, f.version AS version, d.engine AS engine,
       d.id AS run, f.tier AS tier, ring.status AS status, f.size AS size, f.score AS score,
       f.score_reports AS score_reports, f.score_risk AS score_risk, f.event AS event,
       coalesce(f.came_from, []) AS came_from,
       d.started_at AS found_at, ring.first_found_at AS first_found_at
