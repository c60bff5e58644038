// Writes which rings of the run before a run did not find again.
// $run: the detection run
// $lost: maps of id, version, key, event, went_to
UNWIND $lost AS lost
MATCH (d:DetectionRun {id: $run})
MATCH (ring:Ring {id: lost.id})
MERGE (d)-[l:LOST {key: lost.key}]->(ring)
SET l.version = lost.version, l.event = lost.event, l.went_to = lost.went_to
