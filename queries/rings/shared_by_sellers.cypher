// What sellers of a group share, but for pictures, with each one's claims.
// $keys: maps of `of` (the group's name) and sellers (their ids)
// $ended: whether claims that stand no more are told too
// $scope: what may be seen; null for all
UNWIND $keys AS key
CALL (key) {
  UNWIND key.sellers AS name
  MATCH (s:Seller {id: name})-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]->(i)
  WHERE ($ended OR r.valid_to IS NULL)
    AND ($scope IS NULL OR s.platform = $scope.platform OR s.id IN $scope.sellers)
    AND ($scope IS NULL OR s.platform = $scope.platform OR $scope.degrees[i.id] IS NOT NULL)
  WITH i, s, r ORDER BY s.id, r.key
  WITH i, count(DISTINCT s) AS members,
       collect({seller: s.id, role: r.role, source_system: r.source_system, source: r.source,
                asserted_by: r.asserted_by, first_seen: r.first_seen, last_seen: r.last_seen,
                written: r.written, recorded_from: r.recorded_from, valid_to: r.valid_to}) AS claims
  WHERE members > 1
  RETURN i, claims
}
RETURN key.of AS of, labels(i)[0] AS label, i.id AS id,
       CASE WHEN $scope IS NULL THEN coalesce(i.display, i.masked)
            ELSE coalesce(claims[0].written, i.masked) END AS shown,
       i.level AS level, 1.0 AS confidence,
       CASE WHEN $scope.degrees[i.id] IS NOT NULL THEN $scope.degrees[i.id] ELSE COUNT {
         MATCH (i)<-[u:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(t:Seller)
         WHERE u.valid_to IS NULL
           AND ($scope IS NULL OR t.platform = $scope.platform OR t.id IN $scope.sellers)
         RETURN DISTINCT t
       } END AS degree, claims
ORDER BY of, label, id
