// What addresses that are alike members of versions of rings use, a pair of addresses at a time.
// $keys: maps of ring and version
// $band: which likeness counts
// DISTINCT lets the planner visit each address once; without it, it walks every path of a clique.
UNWIND $keys AS key
CALL (key) {
  MATCH (:Ring {id: key.ring})<-[m:MEMBER_OF]-(s:Seller)-[r:USES_ADDRESS]->(a:Address)
        -[e:SAME_UNIT|SAME_PREMISE]-(:Address)
  WHERE m.version = key.version AND r.valid_to IS NULL AND e.band = $band AND e.cut_at IS NULL
  WITH e, a, s, r ORDER BY s.id, r.key
  WITH e, count(DISTINCT a) AS ends, count(DISTINCT s) AS members,
       collect({seller: s.id, role: r.role, source_system: r.source_system, source: r.source,
                asserted_by: r.asserted_by, first_seen: r.first_seen, last_seen: r.last_seen,
                written: r.written}) AS claims
  WHERE ends > 1 AND members > 1
  RETURN e, startNode(e) AS a, endNode(e) AS b, members, claims
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
RETURN key.ring AS ring, key.version AS version, 'Address' AS label,
       CASE WHEN a.id < b.id THEN a.id + ' ≈ ' + b.id ELSE b.id + ' ≈ ' + a.id END AS id,
       CASE WHEN a.id < b.id THEN a.display + ' ≈ ' + b.display
            ELSE b.display + ' ≈ ' + a.display END AS shown,
       CASE WHEN type(e) = 'SAME_UNIT' AND a.level = b.level THEN a.level
            ELSE 'building' END AS level,
       e.score AS confidence, members, degree, claims
ORDER BY ring, version, id
