// Which sellers share an address, payment account, phone, e-mail or device, by columns.
// $most: identifiers of more sellers than this stay out: they are attributes, not links
//        unless they are addresses like others: how many are at a place, all of these tell together
// $freed: identifiers that a person called no hub come whatever their number
// $band: which likeness counts
// $chunk: how many identifiers a record holds
MATCH (i:Address|PaymentAccount|Phone|Email|Device)
WHERE COUNT { (i)--() } > 1 // one degree rules nine in ten out; what follows costs more
WITH i, COUNT {
  (i)<-[:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-()
} AS claims
WHERE EXISTS {
  (i)-[same:SAME_UNIT|SAME_PREMISE]-() WHERE same.band = $band AND same.cut_at IS NULL
} OR (claims > 1 AND (claims <= $most OR COUNT {
  MATCH (i)<-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(s)
  WHERE r.valid_to IS NULL
  RETURN DISTINCT s
} <= $most OR i.id IN $freed))
WITH collect(i) AS found
UNWIND range(0, size(found) - 1, $chunk) AS start
WITH found[start..start + $chunk] AS part
CALL (part) {
  UNWIND range(0, size(part) - 1) AS place
  WITH place, part[place] AS i
  MATCH (i)<-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]-(s)
  WHERE r.valid_to IS NULL
  RETURN collect(place) AS places, collect(s.id) AS sellers,
         collect(r.asserted_by = 'self_declared') AS self_declared
}
RETURN [i IN part | labels(i)[0]] AS labels, [i IN part | i.id] AS identifiers,
       [i IN part | coalesce(i.level, '')] AS levels, places, sellers, self_declared
