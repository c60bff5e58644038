// What sellers of a group share, but for pictures, with each one's claims.
// $keys: maps of `of` (the group's name) and sellers (their ids)
// $ended: whether claims that stand no more are told too
UNWIND $keys AS key
CALL (key) {
  UNWIND key.sellers AS name
  MATCH (s:Seller {id: name})-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]->(i)
  WHERE $ended OR r.valid_to IS NULL
  WITH i, s, r ORDER BY s.id, r.key
  WITH i, count(DISTINCT s) AS members,
       collect({seller: s.id, role: r.role, source_system: r.source_system, source: r.source,
                asserted_by: r.asserted_by, first_seen: r.first_seen, last_seen: r.last_seen,
                written: r.written, recorded_from: r.recorded_from, valid_to: r.valid_to}) AS claims
  WHERE members > 1
  RETURN i, claims
}
RETURN key.of AS of, labels(i)[0] AS label, i.id AS id, coalesce(i.display, i.masked) AS shown,
       i.level AS level, 1.0 AS confidence,
       COUNT {
         MATCH (i)<-[u:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(t:Seller)
         WHERE u.valid_to IS NULL
         RETURN DISTINCT t
       } AS degree, claims
ORDER BY of, label, id
