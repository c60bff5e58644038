// How many detections of an engine have finished; the number only grows.
// $engine: the engine
// $besides: a run that does not count; '' for none
MATCH (d:DetectionRun {engine: $engine, state: 'finished'})
WHERE d.id <> $besides
RETURN count(d) AS finished
