// Pictures of many sellers that bear no mark, nor a copy of them, and who shows each, by columns.
// $least: of how many sellers at least
// $looked: how many users of each are looked at, in the order of their ids
// $few: what at most so many sellers use ties those who share it
// $tiers: which likeness makes two pictures one
// $now: the present time
MATCH (i:Image)
WHERE COUNT { (i)<-[:SHOWS]-() } >= $least
CALL (i) {
  MATCH (i)<-[r:SHOWS]-(:Listing)<-[p:OFFERS]-(s:Seller)
  WHERE r.valid_to IS NULL AND p.valid_to IS NULL
  WITH DISTINCT s ORDER BY s.id
  RETURN collect(s) AS everybody
}
WITH i, everybody WHERE size(everybody) >= $least
CALL (i) {
  MATCH (i)-[c:NEAR_COPY*0..32]-(j:Image)
  WHERE all(n IN c WHERE n.tier IN $tiers)
  WITH DISTINCT j
  RETURN collect(j) AS copies
}
WITH i, copies, everybody WHERE NOT EXISTS {
  MATCH (j:Image)<-[:MARKS]-(h:HubMark)
  WHERE j IN copies AND h.state <> 'expired' AND (h.until IS NULL OR h.until > $now)
}
WITH i, size(everybody) AS sellers, everybody[0..$looked] AS users
CALL (users) {
  UNWIND users AS s
  CALL (s) {
    OPTIONAL MATCH (s)-[o:OFFERS]->(l:Listing)
    WHERE o.valid_to IS NULL
    OPTIONAL MATCH (l)-[:NAMES]->(b:Brand)
    WITH toLower(coalesce(l.brand, b.name, '')) AS brand, count(DISTINCT l) AS offers
    RETURN brand ORDER BY brand = '', offers DESC, brand LIMIT 1
  }
  RETURN collect(coalesce(s.platform, '')) AS platforms,
         collect(left(coalesce(s.registered_at, ''), 4)) AS years,
         collect(brand) AS brands,
         collect(EXISTS {
           MATCH (s)-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]->(j)
           WHERE r.valid_to IS NULL AND COUNT {
             MATCH (j)<-[:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(x)
             RETURN DISTINCT x
           } <= $few
           MATCH (j)<-[q:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(t:Seller)
           WHERE q.valid_to IS NULL AND t <> s AND t IN users
         }) AS tied
}
RETURN 'Image' AS label, i.sha256 AS identifier, null AS kind, null AS kind_reason,
       sellers, platforms, years, brands, tied
ORDER BY sellers DESC, identifier
