"""ingest: how an outside row, text or picture becomes graph records; no database, no clock."""
