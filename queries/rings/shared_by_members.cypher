// What members of a version of a ring share, but for pictures, with each member's claims.
// $ring: the ring
// $version: the version
MATCH (:Ring {id: $ring})<-[m:MEMBER_OF]-(s:Seller)
WHERE m.version = $version
MATCH (s)-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]->(i)
WHERE r.valid_to IS NULL
WITH i, s, r ORDER BY s.id, r.key
WITH i, count(DISTINCT s) AS members,
     collect({seller: s.id, role: r.role, source_system: r.source_system, source: r.source,
              asserted_by: r.asserted_by, first_seen: r.first_seen, last_seen: r.last_seen,
              written: r.written}) AS claims
WHERE members > 1
RETURN labels(i)[0] AS label, i.id AS id, coalesce(i.display, i.masked) AS shown,
       i.level AS level, members,
       COUNT {
         MATCH (i)<-[u:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(t:Seller)
         WHERE u.valid_to IS NULL
         RETURN DISTINCT t
       } AS degree, claims
ORDER BY label, id
