// The groups that GDS finds stay in its graph, and nothing crosses the wire.
// $graph: of the graph; $concurrency: threads
CALL gds.wcc.mutate($graph, {mutateProperty: 'group_wcc', concurrency: $concurrency})
YIELD componentCount AS groups, computeMillis
RETURN groups, computeMillis
