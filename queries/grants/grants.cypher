// Grants, newest first.
// $id: only this one; '' for all
// $case: only of this case; '' for all
// $limit: how many at most
MATCH (g:Grant)-[:OPENS]->(c:Case)
WHERE ($id = '' OR g.id = $id) AND ($case = '' OR c.id = $case)
RETURN g.id AS id, c.id AS case, g.agency AS agency, g.officer AS officer,
       g.platform AS platform,
       g.purpose AS purpose, g.basis AS basis, g.fields AS fields, g.hops AS hops,
       g.created_at AS created_at, g.created_by AS created_by, g.expires_at AS expires_at,
       g.revoked_at AS revoked_at, g.revoked_by AS revoked_by,
       g.revoked_because AS revoked_because
ORDER BY id DESC LIMIT $limit
