// The listings that stand at an address of the web, by id.
// $value: the address, letter by letter
// $after: only ids that sort after this one
// $limit: how many at most
MATCH (l:Listing {url: $value})
WHERE l.id > $after
RETURN 'Listing' AS label, l.id AS id, l.title AS text, 0.0 AS score
ORDER BY id LIMIT $limit
