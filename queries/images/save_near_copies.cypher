// Writes pairs of pictures that look alike; a pair once written keeps its key.
// $pairs: maps of key, left, right, distance, transform, tier, model
UNWIND $pairs AS pair
MATCH (a:Image {sha256: pair.left})
MATCH (b:Image {sha256: pair.right})
MERGE (a)-[r:NEAR_COPY {key: pair.key}]->(b)
WITH r, pair, r.tier IS NULL AS fresh
SET r.distance = pair.distance, r.transform = pair.transform, r.tier = pair.tier,
    r.model = pair.model
RETURN sum(CASE WHEN fresh THEN 1 ELSE 0 END) AS made
