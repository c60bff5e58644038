// Which of these sellers there are.
// $sellers: the sellers
UNWIND $sellers AS seller
MATCH (s:Seller {id: seller})
RETURN s.id AS id
