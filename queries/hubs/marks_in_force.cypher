// What was decided of identifiers and holds at a time, by columns; it may be known by its sha256.
// $now: the time
MATCH (h:HubMark)-[:MARKS]->(i)
WHERE h.state IN ['confirmed', 'rejected'] AND (h.until IS NULL OR h.until > $now)
RETURN collect(labels(i)[0]) AS labels, collect(coalesce(i.id, i.sha256)) AS identifiers,
       collect(h.state) AS states
