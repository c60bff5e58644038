// How many identifiers of each kind the members of versions of rings share, copies being one; a
// pair of addresses that are alike is one too.
// $keys: maps of ring and version
// $tiers: which likeness makes two pictures one
// $band: which likeness of addresses counts
// DISTINCT lets the planner visit each copy once; without it, it walks every path of a clique.
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
  WITH i, collect(DISTINCT s) AS users
  CALL (i) {
    MATCH (i)-[c:NEAR_COPY*0..32]-(j:Image)
    WHERE all(n IN c WHERE n.tier IN $tiers)
    WITH DISTINCT j
    RETURN min(j.sha256) AS lead
  }
  UNWIND users AS s
  WITH lead, count(DISTINCT s) AS members
  WHERE members > 1
  WITH count(lead) AS identifiers
  WHERE identifiers > 0
  RETURN 'Image' AS label, identifiers
  UNION ALL
  MATCH (:Ring {id: key.ring})<-[m:MEMBER_OF]-(s:Seller)-[r:USES_ADDRESS]->(a:Address)
        -[e:SAME_UNIT|SAME_PREMISE]-(:Address)
  WHERE m.version = key.version AND r.valid_to IS NULL AND e.band = $band AND e.cut_at IS NULL
  WITH e, count(DISTINCT a) AS ends, count(DISTINCT s) AS members
  WHERE ends > 1 AND members > 1
  WITH count(e) AS identifiers
  WHERE identifiers > 0
  RETURN 'Address' AS label, identifiers
}
WITH key, label, sum(identifiers) AS identifiers
RETURN key.ring AS ring, key.version AS version, label, identifiers
ORDER BY ring, version, identifiers DESC, label
