// API keys, newest first; never their digests.
// $limit: how many at most
MATCH (k:ApiKey)
RETURN k.id AS id, k.name AS name, k.role AS role, k.scopes AS scopes,
       k.agency AS agency, k.officer AS officer, k.platform AS platform, k.created_at AS created_at,
       k.expires_at AS expires_at, k.revoked_at AS revoked_at
ORDER BY k.created_at DESC, k.id LIMIT $limit
