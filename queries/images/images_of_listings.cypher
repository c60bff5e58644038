// The pictures that listings show, by digest.
// $keys: the listings' ids
// $after: only digests that sort after this one
// $limit: how many at most for each listing
UNWIND $keys AS key
CALL (key) {
  MATCH (:Listing {id: key})-[r:SHOWS]->(i:Image)
  WHERE r.valid_to IS NULL AND i.sha256 > $after
  RETURN i, min(r.position) AS position, min(r.first_seen) AS first_seen,
         max(r.last_seen) AS last_seen
  ORDER BY i.sha256 LIMIT $limit
}
RETURN key, position, first_seen, last_seen, i.sha256 AS sha256, i.pdq AS pdq, i.quality AS quality, i.width AS width,
       i.height AS height, i.media_type AS media_type, i.seen_at AS seen_at,
       i.source AS source, i.run AS run, i.recorded_from AS recorded_from,
       coalesce(i.stub, false) AS stub,
       COUNT {
         MATCH (i)<-[u:SHOWS]-(:Listing)<-[o:OFFERS]-(t:Seller)
         WHERE u.valid_to IS NULL AND o.valid_to IS NULL
         RETURN DISTINCT t
       } AS sellers
ORDER BY key, sha256
