// Runs of one file loaded in one way that were begun and not ended, newest first.
// $identity: what file, job and wish come to
MATCH (r:IngestRun {identity: $identity})
WHERE r.state IN ['running', 'interrupted', 'failed']
RETURN r.id AS id, r.state AS state, r.loader AS loader
ORDER BY r.id DESC
