// The newest finished runs of an engine.
// $engine: the engine
// $limit: how many at most
MATCH (d:DetectionRun {engine: $engine, state: 'finished'})
RETURN d.id AS id
ORDER BY d.started_at DESC, d.id DESC LIMIT $limit
