// Writes an ingest run as it stands, unless another loader has taken it over: then no row comes.
// The label is set, which it has, because setting waits for whoever is about to move the fence.
// $id: the run
// $fence: the fence that the writer was given
// $properties: its declared properties
MATCH (r:IngestRun {id: $id})
SET r:IngestRun
WITH r WHERE r.fence = $fence
SET r += $properties
RETURN r.cursor AS cursor
