// Decides about a proposal; one that is decided already has no row, unless it was this very write.
// $id: the mark
// $properties: state, decision, reason, scope, by, since, until
MATCH (h:HubMark {id: $id})
WHERE h.state = 'proposed' OR (h.state = $properties.state AND h.since = $properties.since)
SET h += $properties
RETURN h.id AS id
