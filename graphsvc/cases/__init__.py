"""cases: what is investigated together, and for whom."""
