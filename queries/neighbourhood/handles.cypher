// The names that sellers go by.
// $ids: the sellers
// $scope: what may be seen; null for all
UNWIND $ids AS key
MATCH (s:Seller {id: key})
WHERE ($scope IS NULL OR s.platform = $scope.platform OR s.id IN $scope.sellers)
RETURN s.id AS id, s.handle AS handle
