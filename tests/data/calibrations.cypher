MATCH (d:DetectionRun) RETURN d.id AS id, d.calibration AS calibration
