// Lets sellers whose tax number is under an old token key be written anew, whatever was seen when.
// $old: the old key's prefix of tokens
MATCH (s:Seller)
WHERE s.tax_token STARTS WITH $old AND s.digest IS NOT NULL
SET s.digest = null
RETURN count(s) AS number
