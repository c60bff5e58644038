// The members of versions of rings, by seller; of a scope those of the versions that it holds.
// $keys: maps of ring and version
// $after: only sellers whose id sorts after this one
// $limit: how many at most for each version of a ring
// $scope: what may be seen; null for all
UNWIND $keys AS key
CALL (key) {
  MATCH (:Ring {id: key.ring})<-[m:MEMBER_OF]-(s:Seller)
  WHERE m.version = key.version AND s.id > $after
    AND ($scope IS NULL OR s.id IN $scope.sellers
         AND key.ring + '@' + toString(key.version) IN $scope.rings)
  RETURN m, s ORDER BY s.id LIMIT $limit
}
RETURN key.ring AS ring, key.version AS version, s.id AS seller, s.platform AS platform,
       s.handle AS handle, s.country AS country, s.status AS status,
       m.tier AS tier, m.posterior AS posterior, m.ties AS ties,
       m.own AS own, m.confidence AS confidence, m.uses AS uses
ORDER BY ring, version, seller
