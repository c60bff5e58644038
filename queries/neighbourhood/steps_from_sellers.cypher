// What sellers use, least shared first.
// $sellers: the sellers
// $labels: which kinds of identifier
// $limit: how many rows at most
UNWIND $sellers AS key
MATCH (s:Seller {id: key})-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]->(i)
WHERE r.valid_to IS NULL AND labels(i)[0] IN $labels
WITH i, s, r ORDER BY r.source
WITH i, s.id AS seller, min(r.first_seen) AS first_seen, max(r.last_seen) AS last_seen,
     collect(DISTINCT r.source) AS sources, collect(DISTINCT r.asserted_by) AS asserted_by
WITH i, collect([seller, first_seen, last_seen, sources, asserted_by]) AS users
WITH i, users,
     COUNT {
       MATCH (i)<-[u:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(t:Seller)
       WHERE u.valid_to IS NULL
       RETURN DISTINCT t
     } AS degree
UNWIND users AS user
RETURN user[0] AS seller, labels(i)[0] AS label, i.id AS id,
       coalesce(i.display, i.masked) AS shown, i.level AS level, degree,
       user[1] AS first_seen, user[2] AS last_seen, user[3] AS sources, user[4] AS asserted_by
ORDER BY degree = 1, degree, label, id, seller LIMIT $limit
