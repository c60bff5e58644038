// Detection runs by their ids; one that is not there has no row.
// $ids: the ids
UNWIND $ids AS key
MATCH (d:DetectionRun {id: key})
RETURN d.id AS id, d.engine AS engine, d.seed AS seed, d.confidence_runs AS confidence_runs,
       d.parameters AS parameters,
       d.versions AS versions, d.calibration AS calibration, d.input_digest AS input_digest,
       d.state AS state, d.counts AS counts, d.started_at AS started_at,
       d.finished_at AS finished_at
