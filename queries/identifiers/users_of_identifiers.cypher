// The sellers who use identifiers, by id.
// $keys: maps of label and id
// $after: only sellers whose id sorts after this one
// $limit: how many at most for each identifier
// $claims: whether it is told who claims so
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
CALL (i) {
  MATCH (i)<-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(s:Seller)
  WHERE r.valid_to IS NULL AND s.id > $after
    AND NOT coalesce($scope.degrees[i.id] > $scope.cap, false)
    AND ($scope IS NULL OR s.platform = $scope.platform OR s.id IN $scope.sellers)
  WITH s, r ORDER BY r.key
  WITH s, collect(CASE WHEN $claims THEN {role: r.role, source_system: r.source_system, source: r.source,
                   asserted_by: r.asserted_by, first_seen: r.first_seen,
                   last_seen: r.last_seen, written: r.written} END) AS claims
  RETURN s, claims ORDER BY s.id LIMIT $limit
}
RETURN key.label AS label, key.id AS key, s.id AS id, claims
ORDER BY label, key, id
