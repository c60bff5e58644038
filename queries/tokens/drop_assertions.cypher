// Removes assertions on identifiers under an old token key, some at a time: a hub has thousands.
// $old: the old key's prefix of tokens
// $most: how many at once
MATCH (n:PaymentAccount|Phone|Email|Device)
WHERE n.id STARTS WITH $old
MATCH (n)-[r]-()
WITH r LIMIT $most
DELETE r
RETURN count(r) AS number
