// $graph: of the graph that is dropped
CALL gds.graph.drop($graph) YIELD graphName
RETURN graphName
