// The ingest runs of some kinds that wrote or may have written rows and stand, oldest first.
// $kinds: the kinds
MATCH (r:IngestRun)
WHERE r.kind IN $kinds AND r.state <> 'undone' AND (r.state <> 'aborted' OR r.cursor > 0)
RETURN r.id AS id, r.state AS state, r.kind AS kind, r.identity AS identity, r.file AS file,
       r.file_digest AS file_digest, r.place AS place, r.wish AS wish
ORDER BY r.id
