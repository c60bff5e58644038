// What a case holds as sellers and listings: a version of a ring as its members, a listing with
// its seller.
// $case: the case
MATCH (:Case {id: $case})-[r:CONTAINS]->(m)
CALL (r, m) {
  WITH m WHERE m:Seller
  RETURN m.id AS seller, null AS listing
  UNION
  WITH m WHERE m:Listing
  RETURN m.seller AS seller, m.id AS listing
  UNION
  WITH r, m WHERE m:Ring
  MATCH (m)<-[in:MEMBER_OF]-(s:Seller)
  WHERE in.version = r.version
  RETURN s.id AS seller, null AS listing
}
RETURN DISTINCT seller, listing
