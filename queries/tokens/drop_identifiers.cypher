// Removes identifiers under an old token key, which nothing asserts any more, some at a time.
// $old: the old key's prefix of tokens
// $most: how many at once
MATCH (n:PaymentAccount|Phone|Email|Device)
WHERE n.id STARTS WITH $old AND NOT (n)--()
WITH n LIMIT $most
DELETE n
RETURN count(n) AS number
