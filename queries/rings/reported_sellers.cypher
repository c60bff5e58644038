// How many independent reporters accuse each seller, itself or a listing that it has or had.
// $verdicts: the verdicts that accuse
MATCH (p:Report)
WHERE p.verdict IN $verdicts
CALL (p) {
  MATCH (p)-[a:ABOUT]->(s:Seller) WHERE a.valid_to IS NULL
  RETURN s
  UNION
  MATCH (p)-[a:ABOUT]->(:Listing)<-[:OFFERS]-(s:Seller)
  WHERE a.valid_to IS NULL
  RETURN s
}
RETURN s.id AS seller, count(DISTINCT p.reporter) AS reporters
