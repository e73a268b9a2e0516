"""Judges of tools whose grammar no table can hold: find, sed, awk, dd, xargs, curl."""
