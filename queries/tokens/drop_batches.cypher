// Removes what runs said under an old token key, some at a time.
// $kinds: the kinds that hold secret values
// $ours: the identities of the runs under the new key
// $most: how many at once
MATCH (r:IngestRun)
WHERE r.kind IN $kinds AND NOT coalesce(r.identity, '') IN $ours
MATCH (b:RunBatch {run: r.id})
WITH b LIMIT $most
DELETE b
RETURN count(b) AS number
