// How many relations each type has.
MATCH ()-[r]->()
RETURN type(r) AS name, count(*) AS number
ORDER BY name
