// The marks that stand on an identifier, or on a copy of a picture.
// $label: its label
// $identifier: its id
// $tiers: which likeness makes two pictures one
// $now: the present time
MATCH (h:HubMark)-[:MARKS]->(m)
WHERE h.state <> 'expired' AND (h.until IS NULL OR h.until > $now) AND $label IN labels(m)
CALL (m) {
  MATCH (m)-[c:NEAR_COPY*0..32]-(j)
  WHERE all(n IN c WHERE n.tier IN $tiers)
  WITH DISTINCT j
  RETURN collect(coalesce(j.id, j.sha256)) AS copies
}
WITH h, copies WHERE $identifier IN copies
RETURN h.id AS id ORDER BY id
