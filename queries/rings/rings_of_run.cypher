// The rings that a run found, with their members as it scored them.
// $run: the run
MATCH (:DetectionRun {id: $run})-[f:FOUND]->(ring:Ring)<-[m:MEMBER_OF]-(s:Seller)
WHERE m.version = f.version
WITH ring, f, m, s ORDER BY s.id
RETURN ring.id AS id, f.version AS version, f.tier AS tier, f.score AS score,
       f.score_reports AS score_reports, f.score_risk AS score_risk, collect(s.id) AS members,
       collect([m.tier, m.posterior, m.ties, m.own, m.confidence, m.uses]) AS scores
