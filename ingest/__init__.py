"""ingest: how an outside row, text or picture becomes graph records; never a database, never a clock."""
