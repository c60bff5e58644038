// Ends an unfinished run for good: no loader may go on with it; what it wrote stays.
// $id: the run
// $now: the present time
MATCH (r:IngestRun {id: $id})
WHERE r.state IN ['running', 'interrupted', 'failed']
SET r.state = 'aborted', r.fence = coalesce(r.fence, 0) + 1, r.loader = null, r.finished_at = $now
RETURN r.cursor AS cursor
