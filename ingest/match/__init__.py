"""match: near-likeness between things that are not equal; scored, never a merge."""
