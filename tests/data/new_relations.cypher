// Relations of a type that Neo4j has not counted yet: its sampler comes by some seconds later.
UNWIND range(1, 500) AS i
CREATE (:Seller {id: 'p:' + i})-[:USES_ACCOUNT {key: toString(i)}]->(:PaymentAccount {id: toString(i)})
