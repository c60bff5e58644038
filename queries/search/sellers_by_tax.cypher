// The sellers who gave a tax number, by id.
// $value: its token
// $after: only ids that sort after this one
// $limit: how many at most
MATCH (s:Seller {tax_token: $value})
WHERE s.id > $after
RETURN 'Seller' AS label, s.id AS id, s.handle AS text, 0.0 AS score
ORDER BY id LIMIT $limit
