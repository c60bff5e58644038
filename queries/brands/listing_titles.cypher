// Every listing that has a title, by columns.
// $chunk: how many listings a record holds
MATCH (l:Listing)
WHERE l.title IS NOT NULL
WITH l ORDER BY l.id
WITH collect(l) AS found
UNWIND range(0, size(found) - 1, $chunk) AS start
UNWIND found[start..start + $chunk] AS l
WITH start, collect(l.id) AS listings, collect(l.title) AS titles
RETURN listings, titles ORDER BY start
