// What sellers use, by kind and id, with the number of distinct sellers who use it.
// $keys: the sellers' ids
// $labels: which kinds of identifier
// $after: only identifiers whose label, a colon and id sort after this text
// $limit: how many at most for each seller
// $scope: what may be seen; null for all
UNWIND $keys AS key
CALL (key) {
  MATCH (s:Seller {id: key})-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]->(i)
  WHERE r.valid_to IS NULL AND labels(i)[0] IN $labels AND labels(i)[0] + ':' + i.id > $after
    AND ($scope IS NULL OR s.platform = $scope.platform OR s.id IN $scope.sellers)
    AND ($scope IS NULL OR $scope.degrees[i.id] IS NOT NULL OR EXISTS {
      MATCH (i)<-[w:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(:Seller {platform: $scope.platform}) WHERE w.valid_to IS NULL
    })
  WITH i, r ORDER BY r.key
  WITH i, collect({role: r.role, source_system: r.source_system, source: r.source,
                     asserted_by: r.asserted_by, first_seen: r.first_seen,
                     last_seen: r.last_seen, written: r.written}) AS claims
  WITH i, claims, labels(i)[0] AS label
  ORDER BY label + ':' + i.id LIMIT $limit
  RETURN i, label, claims
}
WITH key, i, label, claims
RETURN key, label, i.id AS id, CASE WHEN $scope IS NULL THEN coalesce(i.display, i.masked)
            ELSE coalesce(claims[0].written, i.masked) END AS shown, i.level AS level,
       CASE WHEN $scope.degrees[i.id] IS NOT NULL THEN $scope.degrees[i.id] ELSE COUNT {
         MATCH (i)<-[u:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(t:Seller)
         WHERE u.valid_to IS NULL
           AND ($scope IS NULL OR t.platform = $scope.platform OR t.id IN $scope.sellers)
         RETURN DISTINCT t
       } END AS degree, claims,
       CASE WHEN $scope.platform IS NULL THEN false ELSE EXISTS {
         MATCH (i)<-[w:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(t:Seller)
         WHERE w.valid_to IS NULL AND t.platform <> $scope.platform
       } END AS elsewhere
ORDER BY key, label + ':' + id
