// Rows that were sent into a graph of GDS; nothing is stored.
// $graph: of the graph
// $sellers, $identifiers: who uses what, both as numbers, which must differ
UNWIND range(0, size($sellers) - 1) AS place
WITH gds.graph.project(
  $graph, $sellers[place], $identifiers[place], {}, {undirectedRelationshipTypes: ['*']}
) AS made
RETURN made.nodeCount AS nodes, made.relationshipCount AS relations
