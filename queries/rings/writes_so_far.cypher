// What was ever written that detection reads: each number only grows.
MATCH (r:IngestRun)
WITH count(r) AS loads,
     coalesce(sum(r.rows_in), 0) + coalesce(sum(r.closed), 0) + coalesce(sum(r.undone), 0) AS rows
RETURN loads, rows, COUNT { ()-[:NEAR_COPY]->() } AS copies
