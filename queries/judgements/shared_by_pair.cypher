// What two sellers share: identifiers, pictures with their copies, addresses that are alike.
// $a: the one seller
// $b: the other
// $tiers: which likeness makes two pictures one
// $band: which likeness of addresses counts
// DISTINCT lets the planner visit each copy once; without it, it walks every path of a clique.
CALL () {
  MATCH (:Seller {id: $a})-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]->(i)
        <-[q:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(:Seller {id: $b})
  WHERE r.valid_to IS NULL AND q.valid_to IS NULL
  WITH DISTINCT i
  RETURN labels(i)[0] AS label, [i.id] AS identifiers, i.level AS level, 1.0 AS confidence,
         COUNT {
           MATCH (i)<-[u:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(t:Seller)
           WHERE u.valid_to IS NULL
           RETURN DISTINCT t
         } AS sellers
  UNION ALL
  MATCH (:Seller {id: $a})-[o:OFFERS]->(:Listing)-[r:SHOWS]->(i:Image)
  WHERE o.valid_to IS NULL AND r.valid_to IS NULL
  WITH DISTINCT i
  CALL (i) {
    MATCH (i)-[c:NEAR_COPY*0..32]-(j:Image)
    WHERE all(n IN c WHERE n.tier IN $tiers)
    WITH DISTINCT j ORDER BY j.sha256
    RETURN collect(j) AS copies
  }
  WITH DISTINCT copies
  CALL (copies) {
    UNWIND copies AS copy
    MATCH (copy)<-[u:SHOWS]-(:Listing)<-[p:OFFERS]-(t:Seller)
    WHERE u.valid_to IS NULL AND p.valid_to IS NULL
    RETURN collect(DISTINCT t.id) AS users
  }
  WITH copies, users WHERE $b IN users
  RETURN 'Image' AS label, [copy IN copies | copy.sha256] AS identifiers, null AS level,
         1.0 AS confidence, size(users) AS sellers
  UNION ALL
  MATCH (:Seller {id: $a})-[r:USES_ADDRESS]->(x:Address)-[e:SAME_UNIT|SAME_PREMISE]-(y:Address)
        <-[q:USES_ADDRESS]-(:Seller {id: $b})
  WHERE r.valid_to IS NULL AND q.valid_to IS NULL AND e.band = $band AND e.cut_at IS NULL
  WITH DISTINCT e, x, y
  CALL (e, x) {
    MATCH (x)-[c:SAME_UNIT|SAME_PREMISE*0..32]-(n:Address)
    WHERE all(k IN c WHERE k.band = $band AND k.cut_at IS NULL
                       AND (type(e) = 'SAME_PREMISE' OR type(k) = 'SAME_UNIT'))
    WITH DISTINCT n
    MATCH (n)<-[u:USES_ADDRESS]-(t:Seller)
    WHERE u.valid_to IS NULL
    RETURN count(DISTINCT t) AS reach
  }
  RETURN 'Address' AS label, [x.id, y.id] AS identifiers,
         CASE WHEN type(e) = 'SAME_UNIT' AND x.level = y.level THEN x.level
              ELSE 'building' END AS level,
         e.score AS confidence, reach AS sellers
}
RETURN label, identifiers, level, confidence, sellers
ORDER BY label, identifiers
