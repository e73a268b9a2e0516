"""Wakes things up: reads where a run stands, does one thing, writes it down."""
