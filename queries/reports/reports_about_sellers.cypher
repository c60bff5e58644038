// The reports about sellers and about what they offer, by id.
// $keys: the sellers' ids
// $after: only ids that sort after this one
// $limit: how many at most for each seller
// $scope: what may be seen; null for all
UNWIND $keys AS key
CALL (key) {
  CALL (key) {
    MATCH (s:Seller {id: key})<-[a:ABOUT]-(p:Report)
    WHERE a.valid_to IS NULL
      AND ($scope IS NULL OR s.platform = $scope.platform OR s.id IN $scope.sellers)
    RETURN p, null AS listing
    UNION
    MATCH (s:Seller {id: key})-[o:OFFERS]->(l:Listing)<-[a:ABOUT]-(p:Report)
    WHERE a.valid_to IS NULL AND o.valid_to IS NULL
      AND ($scope IS NULL OR s.platform = $scope.platform OR s.id IN $scope.sellers)
      AND ($scope IS NULL OR l.platform = $scope.platform OR l.seller IN $scope.sellers
       OR l.id IN $scope.listings)
    RETURN p, l.id AS listing
  }
  WITH p, min(listing) AS listing
  WHERE p.id > $after
  RETURN p, listing ORDER BY p.id LIMIT $limit
}
RETURN key, listing, p.id AS id, p.platform AS platform, p.reporter AS reporter, p.at AS at,
       p.verdict AS verdict, p.basis AS basis, p.target AS target, p.seen_at AS seen_at,
       p.source AS source, p.run AS run, p.recorded_from AS recorded_from,
       coalesce(p.stub, false) AS stub
ORDER BY key, id
