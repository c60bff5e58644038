MATCH (r:IngestRun) RETURN r.file AS file, properties(r) AS kept ORDER BY r.started_at, r.id
