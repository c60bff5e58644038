MATCH (k:ApiKey {id: $id}) SET k.expires_at = '2020-01-01T00:00:00Z' RETURN k.id AS id
