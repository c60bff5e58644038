MATCH (n:PaymentAccount|Phone|Email|Device) RETURN split(n.id, ':')[0] AS key, count(*) AS number
UNION ALL MATCH (s:Seller) WHERE s.tax_token IS NOT NULL RETURN split(s.tax_token, ':')[0] AS key, count(*) AS number
UNION ALL MATCH (k:TokenKey) RETURN k.id AS key, count(*) AS number
