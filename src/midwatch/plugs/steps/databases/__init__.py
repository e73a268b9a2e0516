"""Databases that a step can ask: one file each, all with the same few verbs."""
