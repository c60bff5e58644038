// What pictures members of versions of rings share, copies of one another being one.
// $keys: maps of ring and version
// $tiers: which likeness makes two pictures one
UNWIND $keys AS key
CALL (key) {
  MATCH (:Ring {id: key.ring})<-[m:MEMBER_OF]-(s:Seller)
  WHERE m.version = key.version
  MATCH (s)-[o:OFFERS]->(l:Listing)-[r:SHOWS]->(i:Image)
  WHERE o.valid_to IS NULL AND r.valid_to IS NULL
  WITH i, collect([s, r, l]) AS shows
  CALL (i) {
    MATCH (i)-[c:NEAR_COPY*0..32]-(j:Image)
    WHERE all(n IN c WHERE n.tier IN $tiers)
    WITH DISTINCT j ORDER BY j.sha256
    RETURN collect(j) AS copies
  }
  WITH copies[0] AS lead, copies, shows
  UNWIND shows AS show
  WITH lead, copies, show[0] AS s, show[1] AS r, show[2] AS l
  ORDER BY s.id, r.key
  WITH lead, head(collect(copies)) AS copies, count(DISTINCT s) AS members,
       collect({seller: s.id, role: l.id, source_system: r.source_system, source: r.source,
                asserted_by: r.asserted_by, first_seen: coalesce(r.first_seen, l.listed_at),
                last_seen: r.last_seen, written: null}) AS claims
  WHERE members > 1
  RETURN lead, copies, members, claims
}
RETURN key.ring AS ring, key.version AS version, 'Image' AS label, lead.sha256 AS id,
       lead.sha256 AS shown, null AS level, 1.0 AS confidence, members,
       COUNT {
         UNWIND copies AS copy
         MATCH (copy)<-[u:SHOWS]-(:Listing)<-[o:OFFERS]-(t:Seller)
         WHERE u.valid_to IS NULL AND o.valid_to IS NULL
         RETURN DISTINCT t
       } AS degree, claims
ORDER BY ring, version, id
