// All ingest runs: how they stand, of what each was the whole, how many rows they had kept.
MATCH (r:IngestRun)
RETURN r.id AS id, r.state AS state, r.scope AS scope,
       coalesce(r.loaded, 0) + coalesce(r.unchanged, 0) AS kept
