MATCH (s:Seller {id: $id})-[:USES_DEVICE]->(i)
CALL (i) { MATCH (i)<-[:USES_DEVICE]-(t:Seller) WITH t LIMIT 20 RETURN collect([t.id, t.handle]) AS users }
RETURN s.handle AS handle, i.id AS id, i.masked AS masked, users LIMIT 20
