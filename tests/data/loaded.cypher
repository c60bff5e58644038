// Every loaded node and assertion with its properties, and the kind of the run that they name.
MATCH (n) WHERE n.recorded_from IS NOT NULL
OPTIONAL MATCH (r:IngestRun {id: n.run})
RETURN labels(n)[0] AS name, properties(n) AS held, r.kind AS kind
UNION ALL
MATCH (a)-[e]->(b) WHERE e.recorded_from IS NOT NULL
OPTIONAL MATCH (r:IngestRun {id: e.run})
RETURN type(e) AS name, properties(e) AS held, r.kind AS kind
