// Writes which listings name which brands; a naming once written keeps its key.
// $names: maps of key, listing, brand, score, span, disguise, context, model
UNWIND $names AS name
MATCH (l:Listing {id: name.listing})
MATCH (b:Brand {id: name.brand})
MERGE (l)-[r:NAMES {key: name.key}]->(b)
WITH r, name, r.model IS NULL AS fresh
SET r.score = name.score, r.span = name.span, r.disguise = name.disguise,
    r.context = name.context, r.model = name.model
RETURN sum(CASE WHEN fresh THEN 1 ELSE 0 END) AS made
