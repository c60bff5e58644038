// Begins to take a run back: its fence moves, and no loader goes on with it.
// $id: the run
MATCH (r:IngestRun {id: $id})
WHERE r.state <> 'undone'
SET r.state = 'undoing', r.fence = coalesce(r.fence, 0) + 1, r.loader = null
RETURN r.fence AS fence
