// The rings that a run found, highest score first.
// $run: the run
// $tier: only rings of this tier; '' for all
// $status: only rings of this status; '' for all
// $min_size: only rings of at least so many members
// $after: the value of the last ring seen; null at first
// $after_id: the id of the last ring seen; '' at first
// $limit: how many at most
MATCH (d:DetectionRun {id: $run})-[f:FOUND]->(ring:Ring)
WHERE ($tier = '' OR f.tier = $tier) AND ($status = '' OR ring.status = $status)
  AND f.size >= $min_size
  AND ($after IS NULL OR f.score < $after OR (f.score = $after AND ring.id > $after_id))
RETURN ring.id AS id, f.version AS version, d.engine AS engine, d.id AS run, f.tier AS tier,
       ring.status AS status, f.size AS size, f.score AS score,
       f.score_reports AS score_reports, f.score_risk AS score_risk, f.event AS event,
       coalesce(f.came_from, []) AS came_from,
       d.started_at AS found_at, ring.first_found_at AS first_found_at
ORDER BY score DESC, id LIMIT $limit
