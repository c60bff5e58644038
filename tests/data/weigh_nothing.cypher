// A model in which nothing that is shared weighs anything.
MATCH (d:DetectionRun {id: $id})
SET d.calibration = $calibration
