// Revokes an API key; one that is revoked already keeps its time.
// $id: the key's public id
// $now: the present time
MATCH (k:ApiKey {id: $id})
SET k.revoked_at = coalesce(k.revoked_at, $now)
RETURN k.id AS id, k.name AS name, k.role AS role, k.scopes AS scopes,
       k.agency AS agency, k.officer AS officer, k.platform AS platform, k.created_at AS created_at,
       k.expires_at AS expires_at, k.revoked_at AS revoked_at
