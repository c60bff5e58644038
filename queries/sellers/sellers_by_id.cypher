// Sellers by their ids; one that is not there has no row.
// $ids: the ids
// $scope: what may be seen; null for all
UNWIND $ids AS key
MATCH (s:Seller {id: key})
WHERE ($scope IS NULL OR s.platform = $scope.platform OR s.id IN $scope.sellers)
RETURN s.id AS id, s.platform AS platform, s.handle AS handle, s.legal_name AS legal_name,
       s.country AS country, s.status AS status, s.registered_at AS registered_at,
       s.risk AS risk, s.tax_number AS tax_number, s.verification_state AS verification_state,
       s.verified_at AS verified_at, s.seen_at AS seen_at, s.source AS source, s.run AS run,
       s.recorded_from AS recorded_from, coalesce(s.stub, false) AS stub
