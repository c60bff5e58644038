// The names that sellers go by.
// $ids: the sellers
UNWIND $ids AS key
MATCH (s:Seller {id: key})
RETURN s.id AS id, s.handle AS handle
