// Who uses addresses, by columns: how many sellers, names, countries, platforms, and for what.
// $chunk: how many addresses a record holds
MATCH (a:Address)
WHERE a.display IS NOT NULL
WITH a ORDER BY a.id
WITH collect(a) AS found
UNWIND range(0, size(found) - 1, $chunk) AS start
UNWIND found[start..start + $chunk] AS a
CALL (a) {
  OPTIONAL MATCH (a)<-[r:USES_ADDRESS]-(s:Seller)
  WHERE r.valid_to IS NULL
  RETURN count(DISTINCT s) AS sellers,
         count(DISTINCT coalesce(s.legal_name, s.handle, s.id)) AS names,
         count(DISTINCT s.country) AS countries, count(DISTINCT s.platform) AS platforms,
         count(DISTINCT CASE WHEN r.role IN ['ship_from', 'warehouse'] THEN s END) AS shipping,
         count(DISTINCT CASE WHEN r.role = 'return' THEN s END) AS returns
}
WITH start, collect(a.id) AS addresses, collect(a.display) AS texts,
     collect(coalesce(a.unit, '')) AS units, collect(coalesce(a.level, '')) AS levels,
     collect(coalesce(a.kind, '')) AS kinds,
     collect(coalesce(a.kind_reason, '')) AS reasons, collect(sellers) AS sellers,
     collect(names) AS names, collect(countries) AS countries, collect(platforms) AS platforms,
     collect(shipping) AS shipping, collect(returns) AS returns
RETURN addresses, texts, units, levels, kinds, reasons, sellers, names, countries, platforms, shipping,
       returns ORDER BY start
