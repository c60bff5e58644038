// What happened to a seller, oldest first: its own dates, its listings', what it was first seen to
// use, reports, rings, judgements. What is not dated is not told. A scope has the versions of
// rings that it holds, and no judgements: they speak of others too.
// $seller: the seller
// $engine: the engine whose rings count
// $after: only events whose date, word and id sort after this text
// $limit: how many at most
// $scope: what may be seen; null for all
MATCH (s:Seller {id: $seller})
WHERE ($scope IS NULL OR s.platform = $scope.platform OR s.id IN $scope.sellers)
CALL (s) {
  UNWIND [['registered', s.registered_at], ['verified', s.verified_at]] AS dated
  RETURN dated[1] AS at, dated[0] AS event, 'Seller' AS label, s.id AS id, s.handle AS text
  UNION ALL
  MATCH (s)-[o:OFFERS]->(l:Listing)
  WHERE o.valid_to IS NULL
    AND ($scope IS NULL OR l.platform = $scope.platform OR l.seller IN $scope.sellers
       OR l.id IN $scope.listings)
  UNWIND [['listed', l.listed_at], ['first_sold', l.first_sold_at],
          ['removed', l.removed_at]] AS dated
  RETURN dated[1] AS at, dated[0] AS event, 'Listing' AS label, l.id AS id, l.title AS text
  UNION ALL
  MATCH (s)-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE]->(i)
  WHERE r.valid_to IS NULL
    AND ($scope IS NULL OR s.platform = $scope.platform OR $scope.degrees[i.id] IS NOT NULL)
  WITH i, min(r.first_seen) AS at, min(r.written) AS written
  RETURN at, 'used' AS event, labels(i)[0] AS label, i.id AS id,
         CASE WHEN $scope IS NULL THEN coalesce(i.display, i.masked)
              ELSE coalesce(written, i.masked) END AS text
  UNION ALL
  MATCH (s)<-[a:ABOUT]-(p:Report)
  WHERE a.valid_to IS NULL
  RETURN p.at AS at, 'reported' AS event, 'Report' AS label, p.id AS id, p.verdict AS text
  UNION ALL
  MATCH (s)-[o:OFFERS]->(l:Listing)<-[a:ABOUT]-(p:Report)
  WHERE a.valid_to IS NULL AND o.valid_to IS NULL
    AND ($scope IS NULL OR l.platform = $scope.platform OR l.seller IN $scope.sellers
       OR l.id IN $scope.listings)
  RETURN DISTINCT p.at AS at, 'reported' AS event, 'Report' AS label, p.id AS id,
         p.verdict AS text
  UNION ALL
  MATCH (s)-[m:MEMBER_OF]->(g:Ring)<-[f:FOUND]-(d:DetectionRun {engine: $engine})
  WHERE f.version = m.version
    AND ($scope IS NULL OR g.id + '@' + toString(m.version) IN $scope.rings)
  RETURN min(d.started_at) AS at, 'in_ring' AS event, 'Ring' AS label,
         g.id + '@' + toString(m.version) AS id, m.tier AS text
  UNION ALL
  MATCH (s)<-[:ON]-(j:Judgement)
  WHERE $scope IS NULL
  RETURN j.at AS at, 'judged' AS event, 'Judgement' AS label, j.id AS id, j.verdict AS text
}
WITH s, at, event, label, id, text, at + ' ' + event + ' ' + id AS place
WHERE at IS NOT NULL AND place > $after
RETURN s.id AS seller, at, event, label, id, text, place ORDER BY place LIMIT $limit
