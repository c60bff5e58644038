// Every seller with the risk that its platform gives, by columns.
// $chunk: how many sellers a record holds
MATCH (s:Seller)
WITH collect(s) AS found
UNWIND range(0, size(found) - 1, $chunk) AS start
UNWIND found[start..start + $chunk] AS s
WITH start, collect(s.id) AS sellers, collect(coalesce(s.risk, -1.0)) AS risks
RETURN sellers, risks
