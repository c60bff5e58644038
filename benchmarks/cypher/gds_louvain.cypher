// The groups that GDS finds stay in its graph, and nothing crosses the wire.
// $graph: of the graph; $concurrency: threads
CALL gds.louvain.mutate($graph, {mutateProperty: 'group_louvain', concurrency: $concurrency})
YIELD communityCount AS groups, computeMillis
RETURN groups, computeMillis
