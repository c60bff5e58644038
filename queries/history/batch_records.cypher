// What batches of runs say, packed.
// $ids: which
UNWIND $ids AS id
MATCH (b:RunBatch {id: id})
RETURN b.records AS records
