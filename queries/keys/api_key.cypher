// One API key, with the digest that a credential is compared with.
// $id: the key's public id
MATCH (k:ApiKey {id: $id})
RETURN k.id AS id, k.name AS name, k.role AS role, k.scopes AS scopes,
       k.agency AS agency, k.officer AS officer, k.platform AS platform, k.digest AS digest,
       k.created_at AS created_at, k.expires_at AS expires_at, k.revoked_at AS revoked_at
