// The groups of sellers that GDS finds, by columns.
// $graph: of the graph; $sellers: numbers below this are sellers; $seed
CALL gds.wcc.stream($graph, {concurrency: 1}) YIELD nodeId, componentId AS label
WITH nodeId, label WHERE nodeId < $sellers
RETURN collect(nodeId) AS members, collect(label) AS labels
