"""On call: who is it, when, and how they are reached."""
