// Ends a decision, or takes a proposal back; one that has ended has no row, unless by this write.
// $id: the mark
// $now: the present time
// $by: who
// $because: why
MATCH (h:HubMark {id: $id})
WHERE (h.state <> 'expired' AND (h.until IS NULL OR h.until > $now))
   OR (h.until = $now AND h.ended_by = $by)
SET h.state = 'expired', h.until = $now, h.ended_by = $by, h.ended_because = $because
RETURN h.id AS id
