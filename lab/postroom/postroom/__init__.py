"""Postroom: a small mail service in plain processes, real enough to be broken and healed."""
