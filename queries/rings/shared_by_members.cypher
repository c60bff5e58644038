// What members of versions of rings share, but for pictures, with each member's claims.
// $keys: maps of ring and version
UNWIND $keys AS key
CALL (key) {
  MATCH (:Ring {id: key.ring})<-[m:MEMBER_OF]-(s:Seller)
  WHERE m.version = key.version
  MATCH (s)-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]->(i)
  WHERE r.valid_to IS NULL
  WITH i, s, r ORDER BY s.id, r.key
  WITH i, count(DISTINCT s) AS members,
       collect({seller: s.id, role: r.role, source_system: r.source_system, source: r.source,
                asserted_by: r.asserted_by, first_seen: r.first_seen, last_seen: r.last_seen,
                written: r.written}) AS claims
  WHERE members > 1
  RETURN i, members, claims
}
RETURN key.ring AS ring, key.version AS version, labels(i)[0] AS label, i.id AS id, coalesce(i.display, i.masked) AS shown,
       i.level AS level, 1.0 AS confidence, members,
       COUNT {
         MATCH (i)<-[u:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(t:Seller)
         WHERE u.valid_to IS NULL
         RETURN DISTINCT t
       } AS degree, claims
ORDER BY ring, version, label, id
