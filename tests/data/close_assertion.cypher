MATCH (s {id: $start})-[r]->(e) WHERE type(r) = $relation SET r.valid_to = '2025-06-01T00:00:00Z' RETURN count(r) AS closed
