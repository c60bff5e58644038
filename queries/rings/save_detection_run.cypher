// Writes a detection run as it stands.
// $id: the run
// $properties: its declared properties
MERGE (d:DetectionRun {id: $id})
SET d += $properties
