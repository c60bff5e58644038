MATCH (s:Seller)-[r:USES_ADDRESS]->(a:Address) RETURN count(r) AS uses, count(DISTINCT s) AS sellers, count(DISTINCT a) AS addresses
