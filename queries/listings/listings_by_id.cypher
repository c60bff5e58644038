// Listings by their ids; one that is not there has no row.
// $ids: the ids
// $scope: what may be seen; null for all
UNWIND $ids AS key
MATCH (l:Listing {id: key})
WHERE ($scope IS NULL OR l.platform = $scope.platform OR l.seller IN $scope.sellers
       OR l.id IN $scope.listings)
RETURN l.id AS id, l.platform AS platform, l.seller AS seller, l.title AS title,
       l.description_digest AS description_digest, l.price AS price, l.currency AS currency,
       l.category AS category, l.brand AS brand, l.url AS url, l.status AS status,
       l.listed_at AS listed_at, l.first_sold_at AS first_sold_at, l.removed_at AS removed_at,
       l.seen_at AS seen_at, l.source AS source, l.run AS run,
       l.recorded_from AS recorded_from, coalesce(l.stub, false) AS stub
