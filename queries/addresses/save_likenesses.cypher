// Writes pairs of addresses that are probably one unit or one premise; a pair that is held keeps
// its key, a pair that somebody cut stays as it is, and is cut again where an address was gone.
// $pairs: maps of key, left, right, unit, score, rule, features, band, model
UNWIND $pairs AS pair
MATCH (a:Address {id: pair.left})
MATCH (b:Address {id: pair.right})
WHERE NOT EXISTS { (a)-[c:SAME_UNIT|SAME_PREMISE]-(b) WHERE c.cut_at IS NOT NULL }
OPTIONAL MATCH (cut:AddressCut {id: pair.key})
CALL (a, b, pair) {
  WITH a, b, pair WHERE pair.unit
  MERGE (a)-[r:SAME_UNIT {key: pair.key}]->(b)
  RETURN r
  UNION ALL
  WITH a, b, pair WHERE NOT pair.unit
  MERGE (a)-[r:SAME_PREMISE {key: pair.key}]->(b)
  RETURN r
}
WITH r, pair, cut, r.model IS NULL AS fresh
SET r.score = pair.score, r.rule = pair.rule, r.features = pair.features, r.band = pair.band,
    r.model = pair.model, r.cut_at = cut.cut_at, r.cut_by = cut.cut_by,
    r.cut_because = cut.cut_because
RETURN sum(CASE WHEN fresh THEN 1 ELSE 0 END) AS made
