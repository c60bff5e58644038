// The ids of the token keys that this graph was loaded with.
MATCH (k:TokenKey)
RETURN k.id AS id, k.created_at AS created_at
ORDER BY k.created_at
