// Writes the rings that a run found: the ring as it is now, and the run's finding of this version.
// $run: the detection run
// $engine: its engine
// $now: the present time
// $rings: maps of id, version, key, tier, size, score, score_reports, score_risk, event, came_from
UNWIND $rings AS found
MATCH (d:DetectionRun {id: $run})
MERGE (ring:Ring {id: found.id})
ON CREATE SET ring.engine = $engine, ring.status = 'open', ring.first_found_at = $now
SET ring.version = found.version
MERGE (d)-[f:FOUND {key: found.key}]->(ring)
SET f.version = found.version, f.tier = found.tier, f.size = found.size, f.score = found.score,
    f.score_reports = found.score_reports, f.score_risk = found.score_risk, f.event = found.event,
    f.came_from = found.came_from
