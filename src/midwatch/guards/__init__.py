"""The decision before a step: allow, ask, refuse. Pure, and closed when anything errs."""
