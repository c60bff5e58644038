// Revokes a grant; one that is revoked already keeps when, by whom and why.
// $id: the grant
// $now: the present time
// $by: who revokes it
// $because: why
MATCH (g:Grant {id: $id})
SET g.revoked_by = CASE WHEN g.revoked_at IS NULL THEN $by ELSE g.revoked_by END,
    g.revoked_because = CASE WHEN g.revoked_at IS NULL THEN $because ELSE g.revoked_because END
SET g.revoked_at = coalesce(g.revoked_at, $now)
RETURN g.id AS id
