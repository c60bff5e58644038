// The constraints that the database holds.
SHOW CONSTRAINTS YIELD name, labelsOrTypes, properties
RETURN name AS name, labelsOrTypes AS owners, properties AS properties
