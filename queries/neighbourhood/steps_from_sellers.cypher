// What sellers use, least shared first.
// $sellers: the sellers
// $labels: which kinds of identifier
// $limit: how many rows at most
// $scope: what may be seen; null for all
UNWIND $sellers AS key
MATCH (s:Seller {id: key})-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]->(i)
WHERE r.valid_to IS NULL AND labels(i)[0] IN $labels
  AND ($scope IS NULL OR s.platform = $scope.platform OR s.id IN $scope.sellers)
  AND ($scope IS NULL OR $scope.degrees[i.id] IS NOT NULL OR EXISTS {
  MATCH (i)<-[w:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(:Seller {platform: $scope.platform}) WHERE w.valid_to IS NULL
})
WITH i, s, r ORDER BY r.source
WITH i, s.id AS seller, min(r.first_seen) AS first_seen, max(r.last_seen) AS last_seen,
     collect(DISTINCT r.source) AS sources, collect(DISTINCT r.asserted_by) AS asserted_by, min(r.written) AS written
WITH i, collect([seller, first_seen, last_seen, sources, asserted_by, written]) AS users
WITH i, users,
     CASE WHEN $scope.degrees[i.id] IS NOT NULL THEN $scope.degrees[i.id] ELSE COUNT {
       MATCH (i)<-[u:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(t:Seller)
       WHERE u.valid_to IS NULL
         AND ($scope IS NULL OR t.platform = $scope.platform OR t.id IN $scope.sellers)
       RETURN DISTINCT t
     } END AS degree
UNWIND users AS user
RETURN user[0] AS seller, labels(i)[0] AS label, i.id AS id,
       CASE WHEN $scope IS NULL THEN coalesce(i.display, i.masked)
            ELSE coalesce(user[5], i.masked) END AS shown, i.level AS level, degree,
       user[1] AS first_seen, user[2] AS last_seen, user[3] AS sources, user[4] AS asserted_by
ORDER BY degree = 1, degree, label, id, seller LIMIT $limit
