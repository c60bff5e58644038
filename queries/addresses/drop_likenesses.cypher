// Takes the likeness of addresses back, because what they say has changed; a cut stays.
// $addresses: the addresses' ids
UNWIND $addresses AS id
MATCH (:Address {id: id})-[r:SAME_UNIT|SAME_PREMISE]-(:Address)
WHERE r.cut_at IS NULL
WITH DISTINCT r
DELETE r
RETURN count(*) AS dropped
