"""Incidents: what people work on, from the first page to the postmortem."""
