// The grants under which an officer may ask of a case for a purpose now, newest first.
// $agency: the officer's authority
// $officer: the officer
// $case: the case
// $purpose: the purpose
// $now: the present time
MATCH (g:Grant {agency: $agency})-[:OPENS]->(c:Case {id: $case})
WHERE g.officer = $officer AND g.purpose = $purpose AND g.revoked_at IS NULL
  AND $now < g.expires_at
RETURN g.id AS id, c.id AS case, g.agency AS agency, g.officer AS officer,
       g.purpose AS purpose, g.basis AS basis, g.fields AS fields, g.hops AS hops,
       g.created_at AS created_at, g.created_by AS created_by, g.expires_at AS expires_at,
       g.revoked_at AS revoked_at, g.revoked_by AS revoked_by,
       g.revoked_because AS revoked_because
ORDER BY id DESC
