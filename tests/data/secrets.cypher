MATCH (n:PaymentAccount|Phone|Email|Device) RETURN n.id AS secret
UNION MATCH (k:ApiKey) RETURN k.digest AS secret
UNION MATCH (k:TokenKey) RETURN k.id AS secret
