"""access: who may see or do what, and the keys that values are stored under."""
