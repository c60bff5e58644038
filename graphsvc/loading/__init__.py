"""loading: drive an ingest run from a file to the graph; it decides nothing about a row."""
