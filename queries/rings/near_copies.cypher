// The pairs of pictures that are copies of one another, by columns.
// $tiers: which likeness counts
// $chunk: how many pictures' pairs a record holds
MATCH (a:Image)-[r:NEAR_COPY]->()
WITH collect(DISTINCT a) AS found
UNWIND range(0, size(found) - 1, $chunk) AS start
UNWIND found[start..start + $chunk] AS a
MATCH (a)-[r:NEAR_COPY]->(b:Image)
WHERE r.tier IN $tiers
WITH start, collect(a.sha256) AS lefts, collect(b.sha256) AS rights
RETURN lefts, rights
