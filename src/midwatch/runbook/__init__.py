"""Markdown into a runbook: procedures, steps, inputs, rules and facts, each with its line."""
