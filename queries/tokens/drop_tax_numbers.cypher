// Removes the tax numbers under an old token key, which no source that is left has told again.
// $old: the old key's prefix of tokens
// $most: how many at once
MATCH (s:Seller)
WHERE s.tax_token STARTS WITH $old
WITH s LIMIT $most
SET s.tax_token = null, s.tax_number = null
RETURN count(s) AS number
