// Addresses by their ids; one that is not there has no row.
// $ids: the ids
UNWIND $ids AS key
MATCH (i:Address {id: key})
RETURN i.id AS id, i.country AS country, i.postcode AS postcode, i.unit AS unit,
       i.level AS level, i.city AS city, i.display AS display, i.kind AS kind,
       i.kind_reason AS kind_reason, i.kind_model AS kind_model, i.source AS source,
       i.run AS run, i.recorded_from AS recorded_from,
       COUNT {
         MATCH (i)<-[u:USES_ADDRESS]-(t:Seller)
         WHERE u.valid_to IS NULL
         RETURN DISTINCT t
       } AS degree
