// Cases, newest first, with how much each holds.
// $id: only this one; '' for all
// $limit: how many at most
MATCH (c:Case)
WHERE $id = '' OR c.id = $id
WITH c ORDER BY c.id DESC LIMIT $limit
RETURN c.id AS id, c.title AS title, c.handling AS handling, c.owner AS owner,
       c.created_at AS created_at,
       COUNT { (c)-[:CONTAINS]->(:Seller) } AS sellers,
       COUNT { (c)-[:CONTAINS]->(:Listing) } AS listings,
       COUNT { (c)-[:CONTAINS]->(:Ring) } AS rings
ORDER BY id DESC
