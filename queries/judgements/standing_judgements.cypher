// The judgements that stand, by columns.
MATCH (a:Seller)<-[:ON]-(j:Judgement)-[:ON]->(b:Seller)
WHERE j.superseded_by IS NULL AND a.id < b.id
RETURN collect(a.id) AS lefts, collect(b.id) AS rights, collect(j.verdict) AS verdicts
