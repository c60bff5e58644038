// Who uses identifiers, each of few sellers: the caller names no hub.
// $keys: maps of label and id
// $limit: how many rows at most
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
WITH i, s, r ORDER BY r.source
WITH i, s.id AS seller, min(r.first_seen) AS first_seen, max(r.last_seen) AS last_seen,
     collect(DISTINCT r.source) AS sources, collect(DISTINCT r.asserted_by) AS asserted_by
WITH i, collect([seller, first_seen, last_seen, sources, asserted_by]) AS users
UNWIND users AS user
RETURN user[0] AS seller, labels(i)[0] AS label, i.id AS id,
       coalesce(i.display, i.masked) AS shown, i.level AS level, size(users) AS degree,
       user[1] AS first_seen, user[2] AS last_seen, user[3] AS sources, user[4] AS asserted_by
ORDER BY degree, label, id, seller LIMIT $limit
