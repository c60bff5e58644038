// Cuts what joins two addresses, for good: who cut it first, and why, stays, also when an address
// goes and comes back.
// $left: the one address, by its id or by its text as it is shown
// $right: the other, in the same way
// $at: when, ISO 8601
// $by: who
// $because: why
MATCH (a:Address)-[r:SAME_UNIT|SAME_PREMISE]-(b:Address)
WHERE $left IN [a.id, a.display] AND $right IN [b.id, b.display]
WITH DISTINCT r, r.cut_at IS NULL AS fresh
MERGE (c:AddressCut {id: r.key})
ON CREATE SET c.left = startNode(r).id, c.right = endNode(r).id, c.cut_at = coalesce(r.cut_at, $at),
  c.cut_by = coalesce(r.cut_by, $by), c.cut_because = coalesce(r.cut_because, $because)
SET r.cut_at = c.cut_at, r.cut_by = c.cut_by, r.cut_because = c.cut_because
RETURN count(r) AS joints, coalesce(sum(CASE WHEN fresh THEN 1 ELSE 0 END), 0) AS cut
