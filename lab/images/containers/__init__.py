"""Containers for the lab, also on a machine that reaches no image registry."""
