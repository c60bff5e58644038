MATCH (d:DetectionRun {id: $id})
SET d.parameters = replace(d.parameters, '"theta": 0.35', '"theta": 0.4')
