// Sellers and what they share into a graph of GDS, as the detection reads them.
// $graph: of the graph
// $most: identifiers of more sellers than this stay out
// $concurrency: threads
CALL () {
  MATCH (i:Address|PaymentAccount|Phone|Email|Device)
  WHERE COUNT { (i)--() } > 1
  WITH i, COUNT {
    (i)<-[:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-()
  } AS claims
  WHERE claims > 1 AND claims <= $most
  MATCH (i)<-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(s:Seller)
  WHERE r.valid_to IS NULL
  RETURN s, i
  UNION ALL
  MATCH (i:Image)
  WHERE COUNT { (i)--() } > 1
  WITH i, COUNT { (i)<-[:SHOWS]-() } AS shown
  WHERE shown > 1 AND shown <= $most
  MATCH (i)<-[r:SHOWS]-()<-[o:OFFERS]-(s:Seller)
  WHERE r.valid_to IS NULL AND o.valid_to IS NULL
  RETURN s, i
}
WITH gds.graph.project(
  $graph, s, i, {},
  {undirectedRelationshipTypes: ['*'], readConcurrency: $concurrency}
) AS made
RETURN made.nodeCount AS nodes, made.relationshipCount AS relations
