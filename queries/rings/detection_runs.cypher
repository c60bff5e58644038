// Detection runs, newest first.
// $before: only runs whose start, a space and id sort before this text; '' for all
// $limit: how many at most
MATCH (d:DetectionRun)
WHERE $before = '' OR d.started_at + ' ' + d.id < $before
RETURN d.id AS id, d.engine AS engine, d.seed AS seed, d.confidence_runs AS confidence_runs,
       d.parameters AS parameters,
       d.versions AS versions, d.calibration AS calibration, d.input_digest AS input_digest,
       d.state AS state, d.counts AS counts, d.started_at AS started_at,
       d.finished_at AS finished_at
ORDER BY d.started_at + ' ' + d.id DESC LIMIT $limit
