// The pictures that sellers under suspicion show, or showed: reported ones, and members of rings.
// $verdicts: the verdicts that accuse
// $tiers: the tiers of members that count
CALL () {
  MATCH (p:Report)-[a:ABOUT]->(s:Seller)
  WHERE p.verdict IN $verdicts AND a.valid_to IS NULL
  RETURN s
  UNION
  MATCH (p:Report)-[a:ABOUT]->(:Listing)<-[:OFFERS]-(s:Seller)
  WHERE p.verdict IN $verdicts AND a.valid_to IS NULL
  RETURN s
  UNION
  MATCH (s:Seller)-[m:MEMBER_OF]->(g:Ring)
  WHERE m.version = g.version AND m.tier IN $tiers
  RETURN s
}
MATCH (s)-[:OFFERS]->(:Listing)-[:SHOWS]->(i:Image)
RETURN DISTINCT i.sha256 AS sha256 ORDER BY sha256
