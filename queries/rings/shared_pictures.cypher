// Which sellers show the same picture or a near copy of one, by columns.
// $most: pictures of more sellers than this stay out, being stock, unless they have near copies:
//        whether those are stock is told by the sellers of all copies together
// $freed: pictures that a person called no hub come whatever their number
// $chunk: how many pictures a record holds
MATCH (i:Image)
WHERE COUNT { (i)--() } > 1 // one degree rules nine in ten out; what follows costs more
WITH i, COUNT { (i)<-[:SHOWS]-() } AS shown
WHERE EXISTS { (i)-[:NEAR_COPY]-() } OR (shown > 1 AND (shown <= $most OR COUNT {
  MATCH (i)<-[r:SHOWS]-()<-[o:OFFERS]-(s)
  WHERE r.valid_to IS NULL AND o.valid_to IS NULL
  RETURN DISTINCT s
} <= $most OR i.sha256 IN $freed))
WITH collect(i) AS found
UNWIND range(0, size(found) - 1, $chunk) AS start
WITH found[start..start + $chunk] AS part
CALL (part) {
  UNWIND range(0, size(part) - 1) AS place
  WITH place, part[place] AS i
  MATCH (i)<-[r:SHOWS]-(l)<-[o:OFFERS]-(s)
  WHERE r.valid_to IS NULL AND o.valid_to IS NULL
  RETURN collect(place) AS places, collect(s.id) AS sellers,
         collect(coalesce(r.first_seen, l.listed_at, '')) AS first_seen,
         collect(r.asserted_by = 'self_declared') AS self_declared
}
RETURN [i IN part | i.sha256] AS identifiers, places, sellers, first_seen, self_declared
