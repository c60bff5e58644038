// Marks the runs under an old token key as taken back: those under the new one say the same.
// $kinds: the kinds that hold secret values
// $ours: the identities of the runs under the new key
// $now: the present time
MATCH (r:IngestRun)
WHERE r.kind IN $kinds AND NOT coalesce(r.identity, '') IN $ours AND r.state <> 'undone'
SET r.state = 'undone', r.undone_at = $now
RETURN count(r) AS number
