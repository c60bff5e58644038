MATCH (l:Listing)-[:SHOWS]->(:Image)-[r:NEAR_COPY]->(:Image)<-[:SHOWS]-(m:Listing) RETURN [l.id, m.id] AS listings, properties(r) AS kept ORDER BY r.key
