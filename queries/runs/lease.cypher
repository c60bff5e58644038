// Takes the writers' lease for the rest of the transaction: loaders take turns, hubs never deadlock.
// $run: the id of the run that writes
MERGE (l:WriteLease {id: 'ingest'})
SET l.held_by = $run
