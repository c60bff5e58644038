// Writes pairs of addresses that are probably one unit; a pair once written keeps its key.
// $pairs: maps of key, left, right, score, rule, features, band, model
UNWIND $pairs AS pair
MATCH (a:Address {id: pair.left})
MATCH (b:Address {id: pair.right})
MERGE (a)-[r:SAME_UNIT {key: pair.key}]->(b)
WITH r, pair, r.model IS NULL AS fresh
SET r.score = pair.score, r.rule = pair.rule, r.features = pair.features, r.band = pair.band,
    r.model = pair.model
RETURN sum(CASE WHEN fresh THEN 1 ELSE 0 END) AS made
