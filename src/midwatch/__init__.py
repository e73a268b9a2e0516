"""Midwatch checks, runs, watches and rehearses the runbooks a team already keeps."""

__version__ = "0.1.0"
