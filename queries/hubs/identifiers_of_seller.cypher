// What a seller uses and shows.
// $seller: the seller
CALL () {
  MATCH (:Seller {id: $seller})-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]->(i)
  WHERE r.valid_to IS NULL
  RETURN i
  UNION
  MATCH (:Seller {id: $seller})-[o:OFFERS]->(:Listing)-[r:SHOWS]->(i:Image)
  WHERE o.valid_to IS NULL AND r.valid_to IS NULL
  RETURN i
}
RETURN labels(i)[0] AS label, coalesce(i.id, i.sha256) AS identifier,
       coalesce(i.display, i.masked, i.sha256) AS shown
ORDER BY label, identifier
