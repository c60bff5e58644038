// The groups that GDS finds stay in its graph, and nothing crosses the wire.
// $graph: of the graph; $concurrency: threads
CALL gds.leiden.mutate($graph, {mutateProperty: 'group_leiden', concurrency: $concurrency})
YIELD communityCount AS groups, computeMillis
RETURN groups, computeMillis
