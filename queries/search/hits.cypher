// What full-text indexes find, nearest first.
// $indexes: the indexes' names
// $words: what to look for, in the index's own language
// $window: how many of the nearest of each index are considered
// $score: only hits behind this score; null at first
// $label: the label of the last hit seen
// $id: the id of the last hit seen
// $limit: how many at most
UNWIND $indexes AS index
CALL db.index.fulltext.queryNodes(index, $words, {limit: $window}) YIELD node, score AS found
WITH labels(node)[0] AS label, node.id AS id, coalesce(node.handle, node.title) AS text,
     found AS score
WHERE $score IS NULL OR score < $score
   OR (score = $score AND (label > $label OR (label = $label AND id > $id)))
RETURN label, id, text, score
ORDER BY score DESC, label, id LIMIT $limit
