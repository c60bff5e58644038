// What is probably one place with addresses, by id.
// $keys: the addresses' ids
// $after: only ids that sort after this one
// $limit: how many at most for each address
UNWIND $keys AS key
CALL (key) {
  MATCH (:Address {id: key})-[r:SAME_UNIT|SAME_PREMISE]-(a:Address)
  WHERE a.id > $after
  RETURN a, r ORDER BY a.id LIMIT $limit
}
RETURN key, a.id AS id, CASE type(r) WHEN 'SAME_UNIT' THEN 'unit' ELSE 'premise' END AS level,
       r.score AS score, r.rule AS rule, r.features AS features, r.band AS band, r.model AS model,
       r.cut_at AS cut_at, r.cut_by AS cut_by, r.cut_because AS cut_because
ORDER BY key, id
