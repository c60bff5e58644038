MATCH (l:Listing)-[r:NAMES]->(b:Brand) RETURN l.id AS listing, b.name AS brand, properties(r) AS kept ORDER BY l.id, r.span
