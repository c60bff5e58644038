// How many nodes each label has.
MATCH (n)
UNWIND labels(n) AS name
RETURN name, count(*) AS number
ORDER BY name
