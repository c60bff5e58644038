// The rings of the last finished run of an engine, with their members as they were scored.
// $engine: the engine
MATCH (d:DetectionRun {engine: $engine, state: 'finished'})
WITH d ORDER BY d.started_at DESC, d.id DESC LIMIT 1
MATCH (d)-[f:FOUND]->(ring:Ring)<-[m:MEMBER_OF]-(s:Seller)
WHERE m.version = f.version
WITH ring, f, m, s ORDER BY s.id
RETURN ring.id AS id, f.version AS version, collect(s.id) AS members,
       collect(m.tier) AS tiers, collect(m.posterior) AS posteriors, collect(m.ties) AS ties
