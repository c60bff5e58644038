// Takes away what listings named and their titles name no longer; other brands are left alone.
// $listings: the listings that were looked through
// $brands: the brands that were looked for
// $keys: the namings that hold
UNWIND $listings AS id
MATCH (:Listing {id: id})-[r:NAMES]->(b:Brand)
WHERE b.id IN $brands AND NOT r.key IN $keys
DELETE r
RETURN count(*) AS gone
