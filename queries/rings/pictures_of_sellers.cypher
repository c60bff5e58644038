// What pictures sellers of a group share, copies of one another being one.
// $keys: maps of `of` (the group's name) and sellers (their ids)
// $ended: whether claims that stand no more are told too
// $tiers: which likeness makes two pictures one
UNWIND $keys AS key
CALL (key) {
  UNWIND key.sellers AS name
  MATCH (s:Seller {id: name})-[o:OFFERS]->(l:Listing)-[r:SHOWS]->(i:Image)
  WHERE $ended OR (o.valid_to IS NULL AND r.valid_to IS NULL)
  WITH i, collect([s, r, l, o]) AS shows
  CALL (i) {
    MATCH (i)-[c:NEAR_COPY*0..32]-(j:Image)
    WHERE all(n IN c WHERE n.tier IN $tiers)
    WITH DISTINCT j ORDER BY j.sha256
    RETURN collect(j) AS copies
  }
  WITH copies[0] AS lead, copies, shows
  UNWIND shows AS show
  WITH lead, copies, show[0] AS s, show[1] AS r, show[2] AS l, show[3] AS o
  ORDER BY s.id, r.key
  WITH lead, head(collect(copies)) AS copies, count(DISTINCT s) AS members,
       collect({seller: s.id, role: l.id, source_system: r.source_system, source: r.source,
                asserted_by: r.asserted_by, first_seen: coalesce(r.first_seen, l.listed_at),
                last_seen: r.last_seen, written: null, recorded_from: r.recorded_from,
                valid_to: coalesce(r.valid_to, o.valid_to)}) AS claims
  WHERE members > 1
  RETURN lead, copies, claims
}
RETURN key.of AS of, 'Image' AS label, lead.sha256 AS id,
       lead.sha256 AS shown, null AS level, 1.0 AS confidence,
       COUNT {
         UNWIND copies AS copy
         MATCH (copy)<-[u:SHOWS]-(:Listing)<-[o:OFFERS]-(t:Seller)
         WHERE u.valid_to IS NULL AND o.valid_to IS NULL
         RETURN DISTINCT t
       } AS degree, claims
ORDER BY of, id
