// What looks like pictures, by digest.
// $keys: the pictures' digests
// $after: only digests that sort after this one
// $limit: how many at most for each picture
UNWIND $keys AS key
CALL (key) {
  MATCH (:Image {sha256: key})-[r:NEAR_COPY]-(i:Image)
  WHERE i.sha256 > $after
  RETURN i, r ORDER BY i.sha256 LIMIT $limit
}
RETURN key, i.sha256 AS sha256, r.distance AS distance, r.transform AS transform,
       r.tier AS tier, r.model AS model
ORDER BY key, sha256
