// The judgements that stand between sellers of a set.
// $sellers: the sellers
UNWIND $sellers AS seller
MATCH (a:Seller {id: seller})<-[:ON]-(j:Judgement)-[:ON]->(b:Seller)
WHERE j.superseded_by IS NULL AND a.id < b.id AND b.id IN $sellers
RETURN j.id AS id, a.id AS a, b.id AS b, j.verdict AS verdict, j.because AS because,
       j.by AS by, j.at AS at, j.superseded_by AS superseded_by
ORDER BY id
