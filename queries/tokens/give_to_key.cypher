// Gives the graph to another token key, once nothing is left under the old one.
// $old: the old key's prefix of tokens
// $id: the new key's public id
// $now: the present time
OPTIONAL MATCH (n:PaymentAccount|Phone|Email|Device)
WHERE n.id STARTS WITH $old
WITH count(n) AS left
MERGE (k:TokenKey {id: $id})
ON CREATE SET k.created_at = $now
WITH left, k
OPTIONAL MATCH (other:TokenKey)
WHERE other.id <> k.id
DELETE other
RETURN left AS number
