// From where pictures were loaded with which wish.
// $kind: the kind of the loads
MATCH (r:IngestRun {kind: $kind})
WHERE r.place IS NOT NULL AND r.wish IS NOT NULL
RETURN DISTINCT r.place AS place, r.wish AS wish
