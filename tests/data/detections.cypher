MATCH (d:DetectionRun)
OPTIONAL MATCH (d)-[f:FOUND]->(ring:Ring)
WITH d, f, ring ORDER BY ring.id
WITH d, count(f) AS found, collect([ring.id, f.version, f.event, f.tier, f.size]) AS rings
RETURN d.id AS id, d.engine AS engine, d.state AS state, d.input_digest AS input_digest, found, rings
ORDER BY d.started_at, id
