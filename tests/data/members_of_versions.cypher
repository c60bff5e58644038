MATCH (s:Seller)-[m:MEMBER_OF]->(ring:Ring)
WITH ring.id + '@' + m.version AS cited, s.id AS seller ORDER BY cited, seller
RETURN cited, collect(seller) AS sellers ORDER BY cited
