"""Channels: what carries a message out of the outbox to a person."""
