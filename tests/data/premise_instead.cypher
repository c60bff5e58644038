MATCH (a:Address)-[r:SAME_UNIT]->(b:Address)
CREATE (a)-[n:SAME_PREMISE]->(b)
SET n = properties(r)
DELETE r
REMOVE a.linked, b.linked
RETURN [a.id, b.id] AS ends, properties(n) AS kept
