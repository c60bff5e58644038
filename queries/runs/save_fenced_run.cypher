// Writes an ingest run as it stands, and what a batch of it says, unless another loader has taken it
// over: then no row comes.
// The label is set, which it has, because setting waits for whoever is about to move the fence.
// $id: the run
// $fence: the fence that the writer was given
// $properties: its declared properties
// $said: the batch's id (`run:cursor`), cursor and packed records, or nothing
MATCH (r:IngestRun {id: $id})
SET r:IngestRun
WITH r WHERE r.fence = $fence
SET r += $properties
FOREACH (b IN $said |
  CREATE (:RunBatch {id: b.id, run: r.id, cursor: b.cursor, records: b.records}))
RETURN r.cursor AS cursor
