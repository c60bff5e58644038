// Notes the id of the token key that values are stored under.
// $id: the key's public id
// $now: the present time
MERGE (k:TokenKey {id: $id})
ON CREATE SET k.created_at = $now
