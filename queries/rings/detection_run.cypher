// One detection run.
// $id: its id
MATCH (d:DetectionRun {id: $id})
RETURN d.id AS id, d.engine AS engine, d.seed AS seed, d.parameters AS parameters,
       d.versions AS versions, d.calibration AS calibration, d.input_digest AS input_digest,
       d.state AS state, d.counts AS counts, d.started_at AS started_at,
       d.finished_at AS finished_at
