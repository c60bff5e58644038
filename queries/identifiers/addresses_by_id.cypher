// Addresses by their ids; one that is not there has no row.
// $ids: the ids
// $scope: what may be seen; null for all
UNWIND $ids AS key
MATCH (i:Address {id: key})
WHERE ($scope IS NULL OR $scope.degrees[i.id] IS NOT NULL OR EXISTS {
  MATCH (i)<-[w:USES_ADDRESS]-(:Seller {platform: $scope.platform}) WHERE w.valid_to IS NULL
})
RETURN i.id AS id, i.country AS country, i.postcode AS postcode, i.unit AS unit,
       i.level AS level, i.city AS city, CASE WHEN $scope IS NULL THEN i.display ELSE head(COLLECT {
         MATCH (i)<-[u:USES_ADDRESS]-(t:Seller)
         WHERE u.valid_to IS NULL
           AND ($scope IS NULL OR t.platform = $scope.platform OR t.id IN $scope.sellers)
         RETURN u.written ORDER BY u.written LIMIT 1
       }) END AS display, i.kind AS kind,
       i.kind_reason AS kind_reason, i.kind_model AS kind_model, i.source AS source,
       i.run AS run, i.recorded_from AS recorded_from,
       CASE WHEN $scope.degrees[i.id] IS NOT NULL THEN $scope.degrees[i.id] ELSE COUNT {
         MATCH (i)<-[u:USES_ADDRESS]-(t:Seller)
         WHERE u.valid_to IS NULL
           AND ($scope IS NULL OR t.platform = $scope.platform OR t.id IN $scope.sellers)
         RETURN DISTINCT t
       } END AS degree,
       CASE WHEN $scope.platform IS NULL THEN false ELSE EXISTS {
         MATCH (i)<-[w:USES_ADDRESS]-(t:Seller)
         WHERE w.valid_to IS NULL AND t.platform <> $scope.platform
       } END AS elsewhere
