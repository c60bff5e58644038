// Takes the writers' lease for the rest of the transaction: loaders take turns, hubs never deadlock.
// Answers who had it before; the label is set, which it has, because setting waits for the holder.
// $run: the id of the run that writes
MERGE (l:WriteLease {id: 'ingest'})
SET l:WriteLease
WITH l, l.held_by AS before
SET l.held_by = $run
RETURN before
