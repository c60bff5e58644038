"""dry: the tools of `python -m ingest`, which need neither a key nor a database."""
