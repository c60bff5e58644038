// Reports by their ids; one that is not there has no row.
// $ids: the ids
// $scope: what may be seen; null for all
UNWIND $ids AS key
MATCH (p:Report {id: key})
WHERE $scope IS NULL OR EXISTS {
  MATCH (p)-[a:ABOUT]->(t)
  WHERE a.valid_to IS NULL
    AND (t.platform = $scope.platform OR t.id IN $scope.sellers OR t.seller IN $scope.sellers
         OR t.id IN $scope.listings)
}
RETURN p.id AS id, p.platform AS platform, p.reporter AS reporter, p.at AS at,
       p.verdict AS verdict, p.basis AS basis, p.target AS target, p.seen_at AS seen_at,
       p.source AS source, p.run AS run, p.recorded_from AS recorded_from,
       coalesce(p.stub, false) AS stub
