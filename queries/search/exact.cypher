// The sellers and listings whose id is exactly this.
// $id: the id
CALL () {
  MATCH (s:Seller {id: $id})
  RETURN s AS found, s.handle AS text
  UNION ALL
  MATCH (l:Listing {id: $id})
  RETURN l AS found, l.title AS text
}
RETURN labels(found)[0] AS label, found.id AS id, text, 0.0 AS score
ORDER BY label
