// The pairs of addresses that are taken for one place, by columns; one that was cut is none.
// $band: which likeness counts
// $chunk: how many addresses' pairs a record holds
MATCH (a:Address)-[r:SAME_UNIT|SAME_PREMISE]->()
WHERE r.band = $band AND r.cut_at IS NULL
WITH collect(DISTINCT a) AS found
UNWIND range(0, size(found) - 1, $chunk) AS start
UNWIND found[start..start + $chunk] AS a
MATCH (a)-[r:SAME_UNIT|SAME_PREMISE]->(b:Address)
WHERE r.band = $band AND r.cut_at IS NULL
WITH start, collect(a.id) AS lefts, collect(b.id) AS rights, collect(r.score) AS scores,
     collect(type(r) = 'SAME_UNIT') AS units
RETURN lefts, rights, scores, units
