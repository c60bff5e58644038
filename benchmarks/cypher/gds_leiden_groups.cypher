// The groups of sellers that GDS finds, by columns.
// $graph: of the graph; $sellers: numbers below this are sellers; $seed
CALL gds.leiden.stream($graph, {concurrency: 1, randomSeed: $seed}) YIELD nodeId, communityId AS label
WITH nodeId, label WHERE nodeId < $sellers
RETURN collect(nodeId) AS members, collect(label) AS labels
