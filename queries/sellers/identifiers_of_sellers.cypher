// What sellers use, by kind and id, with the number of distinct sellers who use it.
// $keys: the sellers' ids
// $labels: which kinds of identifier
// $after: only identifiers whose label, a colon and id sort after this text
// $limit: how many at most for each seller
UNWIND $keys AS key
CALL (key) {
  MATCH (:Seller {id: key})-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]->(i)
  WHERE r.valid_to IS NULL AND labels(i)[0] IN $labels AND labels(i)[0] + ':' + i.id > $after
  WITH i, r ORDER BY r.key
  WITH i, collect({role: r.role, source_system: r.source_system, source: r.source,
                     asserted_by: r.asserted_by, first_seen: r.first_seen,
                     last_seen: r.last_seen, written: r.written}) AS claims
  WITH i, claims, labels(i)[0] AS label
  ORDER BY label + ':' + i.id LIMIT $limit
  RETURN i, label, claims
}
WITH key, i, label, claims
RETURN key, label, i.id AS id, coalesce(i.display, i.masked) AS shown, i.level AS level,
       COUNT {
         MATCH (i)<-[u:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(t:Seller)
         WHERE u.valid_to IS NULL
         RETURN DISTINCT t
       } AS degree, claims
ORDER BY key, label + ':' + id
