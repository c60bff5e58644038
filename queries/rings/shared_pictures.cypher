// Which sellers show the same picture or a near copy of one, by columns.
// $most: pictures of more sellers than this stay out: they are stock, not links
// $chunk: how many pictures a record holds
MATCH (i:Image)
WHERE COUNT { (i)<-[:SHOWS]-() } > 1 OR EXISTS { (i)-[:NEAR_COPY]-() }
WITH collect(i) AS found
UNWIND range(0, size(found) - 1, $chunk) AS start
UNWIND found[start..start + $chunk] AS i
MATCH (i)<-[r:SHOWS]-(l:Listing)<-[o:OFFERS]-(s:Seller)
WHERE r.valid_to IS NULL AND o.valid_to IS NULL
WITH start, i, count(DISTINCT s) AS degree, collect(s.id) AS users,
     collect(coalesce(r.first_seen, l.listed_at, '')) AS dates,
     collect(r.asserted_by = 'self_declared') AS own
WHERE degree <= $most AND (degree > 1 OR EXISTS { (i)-[:NEAR_COPY]-() })
RETURN collect(i.sha256) AS identifiers, collect(users) AS sellers,
       collect(dates) AS first_seen, collect(own) AS self_declared
