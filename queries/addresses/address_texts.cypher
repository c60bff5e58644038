// Every address as one of its sources wrote it, by columns, in the order of the ids.
// $chunk: how many addresses a record holds
MATCH (a:Address)
WHERE a.display IS NOT NULL
WITH a ORDER BY a.id
WITH collect(a) AS found
UNWIND range(0, size(found) - 1, $chunk) AS start
UNWIND found[start..start + $chunk] AS a
WITH start, collect(a.id) AS addresses, collect(a.display) AS texts,
     collect(coalesce(a.country, '')) AS countries, collect(coalesce(a.level, '')) AS levels,
     collect(coalesce(a.linked, '')) AS marks
RETURN addresses, texts, countries, levels, marks ORDER BY start
