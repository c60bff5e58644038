// Gives an unfinished run to another loader: the fence moves, and whoever had it writes no more.
// The label is set, which it has, because setting waits for whoever is about to move the fence.
// $id: the run
// $loader: who has it now
MATCH (r:IngestRun {id: $id})
SET r:IngestRun
WITH r WHERE r.state IN ['running', 'interrupted', 'failed']
SET r.fence = coalesce(r.fence, 0) + 1, r.loader = $loader, r.state = 'running',
    r.finished_at = null
RETURN r.fence AS fence, r.cursor AS cursor, r.started_at AS started_at,
       r.rejects_file AS rejects_file, r.rejects_size AS rejects_size, r.rows_in AS rows_in,
       r.loaded AS loaded, r.unchanged AS unchanged, r.rejected AS rejected,
       r.skipped AS skipped, r.stubs AS stubs,
       r.closed AS closed
