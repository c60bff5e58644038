// How many identifiers of each kind the members of versions of rings share, pictures by digest.
// $keys: maps of ring and version
UNWIND $keys AS key
CALL (key) {
  MATCH (:Ring {id: key.ring})<-[m:MEMBER_OF]-(s:Seller)
        -[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]->(i)
  WHERE m.version = key.version AND r.valid_to IS NULL
  WITH i, count(DISTINCT s) AS members
  WHERE members > 1
  RETURN labels(i)[0] AS label, count(i) AS identifiers
  UNION ALL
  MATCH (:Ring {id: key.ring})<-[m:MEMBER_OF]-(s:Seller)-[o:OFFERS]->(:Listing)
        -[r:SHOWS]->(i:Image)
  WHERE m.version = key.version AND o.valid_to IS NULL AND r.valid_to IS NULL
  WITH i, count(DISTINCT s) AS members
  WHERE members > 1
  WITH count(i) AS identifiers
  WHERE identifiers > 0
  RETURN 'Image' AS label, identifiers
}
RETURN key.ring AS ring, key.version AS version, label, identifiers
ORDER BY ring, version, identifiers DESC, label
