// The newest grant under which an officer or a platform may ask of a case for a purpose now, and what the case
// holds as sellers and listings: a version of a ring as its members and itself, a listing with its seller.
// $agency: the officer's authority; null for a platform
// $officer: the officer; null for a platform
// $platform: the platform; null for an officer
// $case: the case
// $purpose: the purpose
// $now: the present time
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
RETURN g.id AS id, c.id AS case, g.purpose AS purpose, g.fields AS fields, g.hops AS hops,
       sellers, listings, rings
