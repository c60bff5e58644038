// Payment accounts by their ids; one that is not there has no row.
// $ids: the ids
// $scope: what may be seen; null for all
UNWIND $ids AS key
MATCH (i:PaymentAccount {id: key})
WHERE ($scope IS NULL OR $scope.degrees[i.id] IS NOT NULL OR EXISTS {
  MATCH (i)<-[w:USES_ACCOUNT]-(:Seller {platform: $scope.platform}) WHERE w.valid_to IS NULL
})
RETURN i.id AS id, i.kind AS kind, i.masked AS masked, i.country AS country,
       i.bank AS bank, i.source AS source,
       i.run AS run, i.recorded_from AS recorded_from,
       CASE WHEN $scope.degrees[i.id] IS NOT NULL THEN $scope.degrees[i.id] ELSE COUNT {
         MATCH (i)<-[u:USES_ACCOUNT]-(t:Seller)
         WHERE u.valid_to IS NULL
           AND ($scope IS NULL OR t.platform = $scope.platform OR t.id IN $scope.sellers)
         RETURN DISTINCT t
       } END AS degree,
       CASE WHEN $scope.platform IS NULL THEN false ELSE EXISTS {
         MATCH (i)<-[w:USES_ACCOUNT]-(t:Seller)
         WHERE w.valid_to IS NULL AND t.platform <> $scope.platform
       } END AS elsewhere
