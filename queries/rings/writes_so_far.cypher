// What was ever written that detection reads: each number only grows, but for the joints of
// addresses, which a changed text takes back.
MATCH (r:IngestRun)
WITH count(r) AS loads,
     coalesce(sum(r.rows_in), 0) + coalesce(sum(r.closed), 0) + coalesce(sum(r.undone), 0) AS rows
RETURN loads, rows, COUNT { ()-[:NEAR_COPY]->() } AS copies,
       COUNT { ()-[:SAME_UNIT]->() } + COUNT { ()-[:SAME_PREMISE]->() } AS joints,
       COUNT { ()-[r:SAME_UNIT|SAME_PREMISE]->() WHERE r.cut_at IS NOT NULL } AS cuts,
       COUNT { (:Judgement) } AS judgements,
       COUNT { (h:HubMark) WHERE h.since IS NOT NULL }
         + COUNT { (h:HubMark) WHERE h.state = 'expired' } AS hubs
