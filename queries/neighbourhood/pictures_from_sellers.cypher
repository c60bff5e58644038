// What pictures sellers show that others show too, copies of one another being one.
// $sellers: the sellers
// $tiers: which likeness makes two pictures one
// $limit: how many rows at most
UNWIND $sellers AS key
MATCH (s:Seller {id: key})-[o:OFFERS]->(l:Listing)-[r:SHOWS]->(i:Image)
WHERE o.valid_to IS NULL AND r.valid_to IS NULL
WITH i, collect([s.id, coalesce(r.first_seen, l.listed_at), r.last_seen, r.source,
                 r.asserted_by]) AS shows
CALL (i) {
  MATCH (i)-[c:NEAR_COPY*0..8]-(j:Image)
  WHERE all(n IN c WHERE n.tier IN $tiers)
  WITH DISTINCT j ORDER BY j.sha256
  RETURN collect(j) AS copies
}
WITH copies[0] AS lead, head(collect(copies)) AS copies, collect(shows) AS grouped
WITH lead, copies, grouped,
     COUNT {
       UNWIND copies AS copy
       MATCH (copy)<-[u:SHOWS]-(:Listing)<-[o:OFFERS]-(t:Seller)
       WHERE u.valid_to IS NULL AND o.valid_to IS NULL
       RETURN DISTINCT t
     } AS degree
WHERE degree > 1
UNWIND grouped AS shows
UNWIND shows AS show
WITH lead, degree, show ORDER BY show[3]
RETURN show[0] AS seller, 'Image' AS label, lead.sha256 AS id, lead.sha256 AS shown,
       null AS level, degree, min(show[1]) AS first_seen, max(show[2]) AS last_seen,
       collect(DISTINCT show[3]) AS sources, collect(DISTINCT show[4]) AS asserted_by
ORDER BY degree, id, seller LIMIT $limit
