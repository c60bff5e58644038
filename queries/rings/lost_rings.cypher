// The rings of the run before that a run did not find again, by id.
// $run: the run
MATCH (:DetectionRun {id: $run})-[l:LOST]->(ring:Ring)
RETURN ring.id AS id, l.version AS version, l.event AS event, l.went_to AS went_to
ORDER BY id
