// What sellers offer, by id.
// $keys: the sellers' ids
// $after: only ids that sort after this one
// $limit: how many at most for each seller
// $scope: what may be seen; null for all
UNWIND $keys AS key
CALL (key) {
  MATCH (s:Seller {id: key})-[o:OFFERS]->(l:Listing)
  WHERE o.valid_to IS NULL AND l.id > $after
    AND ($scope IS NULL OR l.platform = $scope.platform OR l.seller IN $scope.sellers
       OR l.id IN $scope.listings)
    AND ($scope IS NULL OR s.platform = $scope.platform OR s.id IN $scope.sellers)
  RETURN DISTINCT l ORDER BY l.id LIMIT $limit
}
RETURN key, l.id AS id, l.platform AS platform, l.seller AS seller, l.title AS title,
       l.description_digest AS description_digest, l.price AS price, l.currency AS currency,
       l.category AS category, l.brand AS brand, l.url AS url, l.status AS status,
       l.listed_at AS listed_at, l.first_sold_at AS first_sold_at, l.removed_at AS removed_at,
       l.seen_at AS seen_at, l.source AS source, l.run AS run,
       l.recorded_from AS recorded_from, coalesce(l.stub, false) AS stub
ORDER BY key, id
