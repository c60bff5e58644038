// Begins to take a run back: its fence moves, and no loader goes on with it.
// The label is set, which it has, because setting waits for whoever is about to move the fence.
// $id: the run
MATCH (r:IngestRun {id: $id})
SET r:IngestRun
WITH r WHERE r.state <> 'undone'
SET r.state = 'undoing', r.fence = coalesce(r.fence, 0) + 1, r.loader = null
RETURN r.fence AS fence
