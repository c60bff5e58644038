// Judgements, newest first, superseded ones too.
// $ids: only these judgements; none for all
// $seller: only those about this seller; '' for all
// $before: only ids that sort before this one; '' for all
// $limit: how many at most
MATCH (j:Judgement)-[:ON]->(s:Seller)
WHERE (size($ids) = 0 OR j.id IN $ids) AND ($before = '' OR j.id < $before)
  AND ($seller = '' OR EXISTS { (j)-[:ON]->(:Seller {id: $seller}) })
WITH j, s ORDER BY s.id
WITH j, collect(s.id) AS pair
RETURN j.id AS id, pair[0] AS a, pair[1] AS b, j.verdict AS verdict, j.because AS because,
       j.by AS by, j.at AS at, j.superseded_by AS superseded_by
ORDER BY id DESC LIMIT $limit
