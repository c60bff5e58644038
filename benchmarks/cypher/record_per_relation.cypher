MATCH (i:Address|PaymentAccount|Phone|Email|Device)
WHERE COUNT { (i)<-[:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-() } > 1
MATCH (i)<-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(s:Seller)
WHERE r.valid_to IS NULL
RETURN labels(i)[0] AS label, i.id AS identifier, coalesce(i.level, '') AS level, s.id AS seller,
       r.asserted_by = 'self_declared' AS own
