// What addresses that are alike sellers of a group use, a pair of addresses at a time.
// $keys: maps of `of` (the group's name) and sellers (their ids)
// $ended: whether claims that stand no more are told too
// $band: which likeness counts
// DISTINCT lets the planner visit each address once; without it, it walks every path of a clique.
UNWIND $keys AS key
CALL (key) {
  UNWIND key.sellers AS name
  MATCH (s:Seller {id: name})-[r:USES_ADDRESS]->(a:Address)
        -[e:SAME_UNIT|SAME_PREMISE]-(:Address)
  WHERE ($ended OR r.valid_to IS NULL) AND e.band = $band AND e.cut_at IS NULL
  WITH e, a, s, r ORDER BY s.id, r.key
  WITH e, count(DISTINCT a) AS ends, count(DISTINCT s) AS members,
       collect({seller: s.id, role: r.role, source_system: r.source_system, source: r.source,
                asserted_by: r.asserted_by, first_seen: r.first_seen, last_seen: r.last_seen,
                written: r.written, recorded_from: r.recorded_from, valid_to: r.valid_to}) AS claims
  WHERE ends > 1 AND members > 1
  RETURN e, startNode(e) AS a, endNode(e) AS b, claims
}
CALL (e, a) {
  MATCH (a)-[c:SAME_UNIT|SAME_PREMISE*0..32]-(n:Address)
  WHERE all(x IN c WHERE x.band = $band AND x.cut_at IS NULL
                     AND (type(e) = 'SAME_PREMISE' OR type(x) = 'SAME_UNIT'))
  WITH DISTINCT n
  MATCH (n)<-[u:USES_ADDRESS]-(t:Seller)
  WHERE u.valid_to IS NULL
  RETURN count(DISTINCT t) AS degree
}
RETURN key.of AS of, 'Address' AS label,
       CASE WHEN a.id < b.id THEN a.id + ' ≈ ' + b.id ELSE b.id + ' ≈ ' + a.id END AS id,
       CASE WHEN a.id < b.id THEN a.display + ' ≈ ' + b.display
            ELSE b.display + ' ≈ ' + a.display END AS shown,
       CASE WHEN type(e) = 'SAME_UNIT' AND a.level = b.level THEN a.level
            ELSE 'building' END AS level,
       e.score AS confidence, degree, claims
ORDER BY of, id
