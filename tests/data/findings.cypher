// All that a run found: each ring, its members as they were scored, and what it lost.
MATCH (d:DetectionRun {id: $run})-[f:FOUND]->(ring:Ring)<-[m:MEMBER_OF {version: f.version}]-(s:Seller)
WITH d, f, ring, m, s ORDER BY s.id
WITH d, f, ring, collect([s.id, m.tier, m.posterior, m.ties, m.own, m.confidence, m.uses]) AS members
WITH d, f, ring, members ORDER BY ring.id
WITH d, collect([ring.id, f.version, f.tier, f.score, f.score_reports, f.score_risk, members]) AS rings,
     collect(f.event) AS events
RETURN rings, events, COUNT { (d)-[:LOST]->() } AS lost, d.input_digest AS input_digest,
       d.calibration AS calibration, d.seed AS seed, d.state AS state
