// The last finished run of an engine.
// $engine: the engine
MATCH (d:DetectionRun {engine: $engine, state: 'finished'})
RETURN d.id AS id, d.engine AS engine, d.seed AS seed, d.confidence_runs AS confidence_runs,
       d.parameters AS parameters,
       d.versions AS versions, d.calibration AS calibration, d.input_digest AS input_digest,
       d.state AS state, d.counts AS counts, d.started_at AS started_at,
       d.finished_at AS finished_at
ORDER BY d.started_at DESC, d.id DESC LIMIT 1
