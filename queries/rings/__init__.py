"""Rings: what detection reads and writes, and what people ask of what it found."""
