// The rings in which sellers are, as a run found them.
// $run: the run
// $sellers: the sellers
UNWIND $sellers AS key
MATCH (s:Seller {id: key})-[m:MEMBER_OF]->(ring:Ring)<-[f:FOUND]-(d:DetectionRun {id: $run})
WHERE m.version = f.version
RETURN key AS seller, ring.id AS ring, f.version AS version, d.id AS run,
       f.tier AS ring_tier, ring.status AS status, f.size AS size, f.score AS score,
       m.tier AS tier, m.posterior AS posterior, m.ties AS ties,
       m.confidence AS confidence
ORDER BY seller, score DESC, ring
