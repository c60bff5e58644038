MATCH (n) WHERE NOT n:WriteLease RETURN count(n) AS number
