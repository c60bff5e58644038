// Identifiers of many sellers that bear no mark, and who uses each, by columns.
// $least: of how many sellers at least, but two where an address is of a hub's kind
// $kinds: these kinds of address
// $looked: how many users of each are looked at, in the order of their ids
// $few: what at most so many sellers use ties those who share it
// $now: the present time
MATCH (i:Address|PaymentAccount|Phone|Email|Device)
WITH i, CASE WHEN i.kind IN $kinds THEN 2 ELSE $least END AS least
WHERE COUNT { (i)<-[:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-() } >= least
  AND NOT EXISTS {
    (i)<-[:MARKS]-(h:HubMark)
    WHERE h.state <> 'expired' AND (h.until IS NULL OR h.until > $now)
  }
CALL (i) {
  MATCH (i)<-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(s:Seller)
  WHERE r.valid_to IS NULL
  WITH DISTINCT s ORDER BY s.id
  RETURN collect(s) AS everybody
}
WITH i, everybody, least WHERE size(everybody) >= least
WITH i, size(everybody) AS sellers, everybody[0..$looked] AS users
CALL (i, users) {
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
           WHERE r.valid_to IS NULL AND j <> i AND COUNT {
             MATCH (j)<-[:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(x)
             RETURN DISTINCT x
           } <= $few
           MATCH (j)<-[q:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(t:Seller)
           WHERE q.valid_to IS NULL AND t <> s AND t IN users
         }) AS tied
}
RETURN labels(i)[0] AS label, i.id AS identifier, i.kind AS kind, i.kind_reason AS kind_reason,
       sellers, platforms, years, brands, tied
ORDER BY sellers DESC, label, identifier
