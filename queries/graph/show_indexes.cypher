// The indexes that the database holds for themselves, not for a constraint.
SHOW INDEXES YIELD name, labelsOrTypes, properties, type, owningConstraint, state
WHERE owningConstraint IS NULL AND type <> 'LOOKUP'
RETURN name AS name, labelsOrTypes AS owners, properties AS properties, state AS state
