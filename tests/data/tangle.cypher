MATCH (s:Seller {id: $seller})
CREATE (s)-[:OFFERS {key: 'tangle', source: 'tangle'}]->(l:Listing {id: 'p:tangle'})
WITH l
UNWIND range(1, $size) AS n
CREATE (i:Image {sha256: 'tangle-' + n})
WITH l, collect(i) AS pictures
FOREACH (i IN pictures | CREATE (l)-[:SHOWS {key: 'tangle-' + i.sha256, source: 'tangle'}]->(i))
WITH pictures
UNWIND range(0, size(pictures) - 2) AS left
UNWIND range(left + 1, size(pictures) - 1) AS right
WITH pictures[left] AS a, pictures[right] AS b, left, right
CREATE (a)-[:NEAR_COPY {key: 'tangle-' + left + '-' + right, tier: 'copy'}]->(b)
