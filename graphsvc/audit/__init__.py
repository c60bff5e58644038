"""audit: what must be provable later; a journal outside the graph that shows each change to it."""
