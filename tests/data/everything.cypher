MATCH (n) RETURN properties(n) AS kept
UNION ALL MATCH ()-[r]->() RETURN properties(r) AS kept
