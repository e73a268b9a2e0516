"""The record on disk: connection, named queries, migrations."""
