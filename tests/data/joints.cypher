MATCH (a:Address)-[r:SAME_UNIT|SAME_PREMISE]->(b:Address) RETURN [a.id, b.id] AS ends, properties(r) AS kept ORDER BY r.key
