// Ends an unfinished run for good: no loader may go on with it; what it wrote stays.
// The label is set, which it has, because setting waits for whoever is about to move the fence.
// $id: the run
// $now: the present time
MATCH (r:IngestRun {id: $id})
SET r:IngestRun
WITH r WHERE r.state IN ['running', 'interrupted', 'failed']
SET r.state = 'aborted', r.fence = coalesce(r.fence, 0) + 1, r.loader = null, r.finished_at = $now
RETURN r.cursor AS cursor
