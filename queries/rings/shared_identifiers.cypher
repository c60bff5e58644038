// Which sellers share an address, payment account, phone, e-mail or device, by columns.
// $most: identifiers of more sellers than this stay out: they are attributes, not links
// $chunk: how many identifiers a record holds
MATCH (i:Address|PaymentAccount|Phone|Email|Device)
WHERE COUNT { (i)<-[:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-() } > 1
WITH collect(i) AS found
UNWIND range(0, size(found) - 1, $chunk) AS start
UNWIND found[start..start + $chunk] AS i
MATCH (i)<-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(s:Seller)
WHERE r.valid_to IS NULL
WITH start, i, count(DISTINCT s) AS degree, collect(s.id) AS users,
     collect(coalesce(r.first_seen, '')) AS dates,
     collect(r.asserted_by = 'self_declared') AS own
WHERE 1 < degree <= $most
RETURN collect(labels(i)[0]) AS labels, collect(i.id) AS identifiers,
       collect(coalesce(i.level, '')) AS levels, collect(users) AS sellers,
       collect(dates) AS first_seen, collect(own) AS self_declared
