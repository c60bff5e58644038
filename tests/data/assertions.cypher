MATCH (a)-[r:USES_ADDRESS|USES_ACCOUNT|USES_PHONE|USES_EMAIL|USES_DEVICE|OFFERS|SHOWS]->()
RETURN a.id AS start, type(r) AS relation, r.source_system AS source, r.last_seen AS last_seen,
       r.valid_to AS valid_to, r.closed_by AS closed_by
ORDER BY start, relation, last_seen
