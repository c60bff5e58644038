// What changes whenever what the runs say together does.
MATCH (r:IngestRun)
WITH coalesce(sum(r.closed), 0) AS closed, count(r.scope) AS scopes,
     count(CASE WHEN r.state IN ['undoing', 'undone'] THEN 1 END) AS taken_back
RETURN COUNT { (:RunBatch) } AS batches, closed, scopes, taken_back
