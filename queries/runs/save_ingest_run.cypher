// Writes an ingest run as it stands.
// $id: the run
// $properties: its declared properties
MERGE (r:IngestRun {id: $id})
SET r += $properties
