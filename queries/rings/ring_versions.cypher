// Versions of rings, each as the last finished run that found it did. A scope holds versions, and
// tells of each what its first run found: what later runs say may rest on others.
// $keys: maps of ring and version, null: the latest (of the scope); null for all of a scope
// $run: only as this run found them; '' for the last
// $scope: what may be seen; null for all
UNWIND coalesce($keys, [cited IN $scope.rings | {
  ring: split(cited, '@')[0], version: toInteger(split(cited, '@')[1])
}]) AS key
CALL (key) {
  MATCH (d:DetectionRun {state: 'finished'})-[f:FOUND]->(ring:Ring {id: key.ring})
  WHERE f.version = coalesce(
          key.version,
          CASE WHEN $run = '' AND $scope IS NULL THEN ring.version ELSE f.version END
        )
    AND ($run = '' OR d.id = $run)
    AND ($scope IS NULL OR ring.id + '@' + toString(f.version) IN $scope.rings)
  WITH d, f, ring
  ORDER BY CASE WHEN $scope IS NULL THEN 0 ELSE f.version END DESC, d.started_at, d.id
  WITH collect([d, f, ring]) AS found
  WITH CASE WHEN $scope IS NULL THEN last(found) ELSE head(found) END AS one
  WHERE one IS NOT NULL
  RETURN one[0] AS d, one[1] AS f, one[2] AS ring
}
RETURN key.version AS asked, ring.id AS id, f.version AS version, d.engine AS engine,
       d.id AS run, f.tier AS tier, ring.status AS status,
       CASE WHEN $scope IS NULL THEN f.size ELSE COUNT {
         MATCH (ring)<-[m:MEMBER_OF]-(s:Seller)
         WHERE m.version = f.version AND s.id IN $scope.sellers
       } END AS size,
       f.score AS score, f.score_reports AS score_reports, f.score_risk AS score_risk,
       f.event AS event,
       CASE WHEN $scope IS NULL THEN coalesce(f.came_from, []) ELSE [] END AS came_from,
       d.started_at AS found_at, ring.first_found_at AS first_found_at
