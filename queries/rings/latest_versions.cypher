// The latest version of each ring of an engine.
// $engine: the engine
MATCH (ring:Ring {engine: $engine})
RETURN ring.id AS id, ring.version AS version
