// Writes digests of the components that a run judged, in the place of those of any run before.
// $run: the detection run
// $digests: them, packed
OPTIONAL MATCH (old:JudgedComponents) WHERE old.id <> $run
DELETE old
WITH count(*) AS dropped
MERGE (c:JudgedComponents {id: $run})
SET c.digests = $digests
