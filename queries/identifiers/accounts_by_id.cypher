// Payment accounts by their ids; one that is not there has no row.
// $ids: the ids
UNWIND $ids AS key
MATCH (i:PaymentAccount {id: key})
RETURN i.id AS id, i.kind AS kind, i.masked AS masked, i.country AS country,
       i.bank AS bank, i.source AS source,
       i.run AS run, i.recorded_from AS recorded_from,
       COUNT {
         MATCH (i)<-[u:USES_ACCOUNT]-(t:Seller)
         WHERE u.valid_to IS NULL
         RETURN DISTINCT t
       } AS degree
