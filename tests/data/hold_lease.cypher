MERGE (l:WriteLease {id: 'ingest'}) SET l.held_by = 'somebody'
