// Has Neo4j count what its indexes hold, as it does by itself every few seconds.
CALL db.prepareForReplanning()
