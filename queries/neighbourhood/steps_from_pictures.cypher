// Who shows pictures or copies of them, each of few sellers: the caller names no hub.
// $ids: the pictures' digests
// $tiers: which likeness makes two pictures one
// $limit: how many rows at most
UNWIND $ids AS key
MATCH (i:Image {sha256: key})
CALL (i) {
  MATCH (i)-[c:NEAR_COPY*0..8]-(j:Image)
  WHERE all(n IN c WHERE n.tier IN $tiers)
  WITH DISTINCT j ORDER BY j.sha256
  RETURN collect(j) AS copies
}
WITH DISTINCT copies
UNWIND copies AS copy
MATCH (copy)<-[r:SHOWS]-(l:Listing)<-[o:OFFERS]-(s:Seller)
WHERE r.valid_to IS NULL AND o.valid_to IS NULL
WITH copies, l, s, r ORDER BY r.source
WITH copies[0] AS lead, s.id AS seller, min(coalesce(r.first_seen, l.listed_at)) AS first_seen,
     max(r.last_seen) AS last_seen, collect(DISTINCT r.source) AS sources,
     collect(DISTINCT r.asserted_by) AS asserted_by
WITH lead, collect([seller, first_seen, last_seen, sources, asserted_by]) AS users
UNWIND users AS user
RETURN user[0] AS seller, 'Image' AS label, lead.sha256 AS id, lead.sha256 AS shown,
       null AS level, size(users) AS degree,
       user[1] AS first_seen, user[2] AS last_seen, user[3] AS sources, user[4] AS asserted_by
ORDER BY degree, id, seller LIMIT $limit
