LOAD CSV WITH HEADERS FROM $url AS row
WITH row, $file + ':' + linenumber() AS source
CALL (row, source) {
  MERGE (s:Seller {id: 'shopnest:' + row.seller_id})
  ON CREATE SET s.platform = 'shopnest', s.stub = true, s.run = $run, s.recorded_from = $now
  MERGE (a:PaymentAccount {id: row.account})
  ON CREATE SET a.kind = row.account_kind, a.masked = row.account, a.country = 'DE',
                a.source = source, a.run = $run, a.recorded_from = $now
  MERGE (s)-[r:USES_ACCOUNT {key: row.seller_id + '|' + row.account}]->(a)
  ON CREATE SET r.role = '', r.source_system = 'shopnest', r.asserted_by = row.asserted_by,
                r.holder = row.holder, r.processor = row.processor, r.first_seen = row.seen_at,
                r.last_seen = row.seen_at, r.seen_at = row.seen_at, r.digest = row.holder,
                r.source = source, r.run = $run, r.recorded_from = $now
} IN TRANSACTIONS OF 5000 ROWS
