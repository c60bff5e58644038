// The newest grant under which an officer or a platform may ask of a case for a purpose now, what the case
// holds as sellers and listings (a version of a ring as its members and itself, a listing with its seller),
// and what its sellers or those ahead use with who uses it: nobody where it is a hub. What is too vague to
// link leads nowhere. A mark on an address holds for all spellings of the unit that are known.
// $agency: the officer's authority; null for a platform
// $officer: the officer; null for a platform
// $platform: the platform; null for an officer
// $case: the case
// $purpose: the purpose
// $now: the present time
// $ahead: sellers who were reached, to go on from; null to begin with those of the case
// $most: from how many sellers at most
// $cap: how many sellers an identifier may have and be no hub
// $levels: how exact an address must be to link
MATCH (g:Grant)-[:OPENS]->(c:Case {id: $case})
WHERE (g.agency = $agency AND g.officer = $officer OR g.platform = $platform)
  AND g.purpose = $purpose AND g.revoked_at IS NULL
  AND $now < g.expires_at
WITH g, c ORDER BY g.id DESC LIMIT 1
CALL (c) {
  MATCH (c)-[r:CONTAINS]->(m)
  CALL (r, m) {
    WITH m WHERE m:Seller
    RETURN m.id AS seller, null AS listing, null AS ring
    UNION
    WITH m WHERE m:Listing
    RETURN m.seller AS seller, m.id AS listing, null AS ring
    UNION
    WITH r, m WHERE m:Ring
    MATCH (m)<-[in:MEMBER_OF]-(s:Seller)
    WHERE in.version = r.version
    RETURN s.id AS seller, null AS listing, m.id + '@' + toString(r.version) AS ring
  }
  RETURN collect(DISTINCT seller) AS sellers, collect(DISTINCT listing) AS listings,
         collect(DISTINCT ring) AS rings
}
CALL (sellers) {
  UNWIND coalesce($ahead, sellers) AS key
  WITH key ORDER BY key LIMIT $most
  MATCH (:Seller {id: key})-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]->(i)
  WHERE r.valid_to IS NULL
  WITH DISTINCT i
  CALL (i) {
    CALL (i) {
      MATCH (i)<-[u:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(t:Seller)
      WHERE u.valid_to IS NULL
      RETURN DISTINCT t.id AS user LIMIT $cap + 1
    }
    RETURN collect(user) AS users
  }
  WITH i, users, size(users) > $cap OR EXISTS {
    MATCH (i)-[c:SAME_UNIT*0..3]-(j)<-[:MARKS]-(h:HubMark)
    WHERE all(joint IN c WHERE joint.band = 'confirmed' AND joint.cut_at IS NULL)
      AND h.state = 'confirmed' AND (h.until IS NULL OR $now < h.until)
  } AS hub
  RETURN collect([labels(i)[0], i.id, hub, CASE WHEN hub THEN [] ELSE users END,
                  NOT hub AND (NOT i:Address OR coalesce(i.level, '') IN $levels)]) AS reached
}
RETURN g.id AS id, c.id AS case, g.purpose AS purpose, g.fields AS fields, g.hops AS hops,
       sellers, listings, rings, reached
