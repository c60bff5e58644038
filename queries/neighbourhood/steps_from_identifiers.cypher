// Who uses identifiers, each of few sellers: the caller names no hub.
// $keys: maps of label and id
// $limit: how many rows at most
// $scope: what may be seen; null for all
UNWIND $keys AS key
CALL (key) {
  WITH key WHERE key.label = 'Address'
  MATCH (i:Address {id: key.id}) RETURN i
  UNION
  WITH key WHERE key.label = 'PaymentAccount'
  MATCH (i:PaymentAccount {id: key.id}) RETURN i
  UNION
  WITH key WHERE key.label = 'Phone'
  MATCH (i:Phone {id: key.id}) RETURN i
  UNION
  WITH key WHERE key.label = 'Email'
  MATCH (i:Email {id: key.id}) RETURN i
  UNION
  WITH key WHERE key.label = 'Device'
  MATCH (i:Device {id: key.id}) RETURN i
}
MATCH (i)<-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(s:Seller)
WHERE r.valid_to IS NULL
  AND ($scope IS NULL OR s.platform = $scope.platform OR s.id IN $scope.sellers)
  AND ($scope IS NULL OR $scope.degrees[i.id] IS NOT NULL OR EXISTS {
  MATCH (i)<-[w:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(:Seller {platform: $scope.platform}) WHERE w.valid_to IS NULL
})
WITH i, s, r ORDER BY r.source
WITH i, s.id AS seller, min(r.first_seen) AS first_seen, max(r.last_seen) AS last_seen,
     collect(DISTINCT r.source) AS sources, collect(DISTINCT r.asserted_by) AS asserted_by, min(r.written) AS written
WITH i, collect([seller, first_seen, last_seen, sources, asserted_by, written]) AS users
UNWIND users AS user
RETURN user[0] AS seller, labels(i)[0] AS label, i.id AS id,
       CASE WHEN $scope IS NULL THEN coalesce(i.display, i.masked)
            ELSE coalesce(user[5], i.masked) END AS shown, i.level AS level, CASE WHEN $scope.degrees[i.id] IS NOT NULL THEN $scope.degrees[i.id] ELSE size(users) END AS degree,
       user[1] AS first_seen, user[2] AS last_seen, user[3] AS sources, user[4] AS asserted_by
ORDER BY degree, label, id, seller LIMIT $limit
