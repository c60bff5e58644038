MATCH (n) WHERE n.sha256 STARTS WITH 'tangle-' OR n.id = 'p:tangle' DETACH DELETE n
