"""cli: one module a verb; wiring and words for people, never a decision."""
