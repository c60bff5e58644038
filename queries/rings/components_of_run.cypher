// Digests of the components that a run judged; none where a later run has put its own in their place.
// $run: the detection run
MATCH (c:JudgedComponents {id: $run})
RETURN c.digests AS digests
