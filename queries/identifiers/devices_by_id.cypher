// Devices by their ids; one that is not there has no row.
// $ids: the ids
UNWIND $ids AS key
MATCH (i:Device {id: key})
RETURN i.id AS id, i.masked AS masked, null AS country, null AS domain, i.source AS source,
       i.run AS run, i.recorded_from AS recorded_from,
       COUNT {
         MATCH (i)<-[u:USES_DEVICE]-(t:Seller)
         WHERE u.valid_to IS NULL
         RETURN DISTINCT t
       } AS degree
