// Writes an ingest run as it stands, unless another loader has taken it over: then no row comes.
// $id: the run
// $fence: the fence that the writer was given
// $properties: its declared properties
MATCH (r:IngestRun {id: $id})
WHERE r.fence = $fence
SET r += $properties
RETURN r.cursor AS cursor
