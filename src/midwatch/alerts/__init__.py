"""Alerts: what comes in, what is the same, what is held back, and why."""
