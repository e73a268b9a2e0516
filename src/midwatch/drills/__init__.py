"""Rehearsals: a fault goes into a lab, a procedure must heal it, and the probe alone judges."""
