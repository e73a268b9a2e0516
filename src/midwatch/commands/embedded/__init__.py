"""Languages that stand inside shell words: SQL, CQL, Redis, JavaScript."""
