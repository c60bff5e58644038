"""store: the only place that speaks to Neo4j; it never decides what a question means."""
