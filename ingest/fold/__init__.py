"""Folds: spelling is forgiven here and nowhere else; text becomes a key or is refused."""
