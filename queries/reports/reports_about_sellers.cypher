// The reports about sellers and about what they offer, by id.
// $keys: the sellers' ids
// $after: only ids that sort after this one
// $limit: how many at most for each seller
UNWIND $keys AS key
CALL (key) {
  CALL (key) {
    MATCH (:Seller {id: key})<-[a:ABOUT]-(p:Report)
    WHERE a.valid_to IS NULL
    RETURN p, null AS listing
    UNION
    MATCH (:Seller {id: key})-[o:OFFERS]->(l:Listing)<-[a:ABOUT]-(p:Report)
    WHERE a.valid_to IS NULL AND o.valid_to IS NULL
    RETURN p, l.id AS listing
  }
  WITH p, min(listing) AS listing
  WHERE p.id > $after
  RETURN p, listing ORDER BY p.id LIMIT $limit
}
RETURN key, listing, p.id AS id, p.platform AS platform, p.reporter AS reporter, p.at AS at,
       p.verdict AS verdict, p.basis AS basis, p.target AS target, p.seen_at AS seen_at,
       p.source AS source, p.run AS run, p.recorded_from AS recorded_from,
       coalesce(p.stub, false) AS stub
ORDER BY key, id
