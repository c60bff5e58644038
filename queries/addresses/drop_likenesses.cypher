// Takes the likeness of addresses back, because what they say has changed.
// $addresses: the addresses' ids
UNWIND $addresses AS id
MATCH (:Address {id: id})-[r:SAME_UNIT|SAME_PREMISE]-(:Address)
WITH DISTINCT r
DELETE r
RETURN count(*) AS dropped
