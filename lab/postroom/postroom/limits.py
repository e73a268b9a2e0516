"""The figures Postroom runs by, in one place, so that the runbook can quote them."""

from __future__ import annotations

STORE_CONNECTIONS = 6
"""How many connections to the store the API shares between its requests."""
CONNECTION_PATIENCE = 0.3
"""Seconds a request waits for a free store connection before it is refused."""
STORE_PATIENCE = 0.5
"""Seconds anybody waits for the store's write lock before calling the store slow."""
LEASE = 30.0
"""Seconds a worker may keep a letter before another one may take it."""
LEASE_SIZE = 4
ATTEMPTS = 6
"""Tries before a letter that is refused for now is a dead letter."""
SILENCE = 2.5
"""Seconds without a sign of life after which a worker counts as stuck."""
BEAT = 0.25
BACKLOG = 200
"""Waiting letters above which the backlog needs attention."""
DEAD_LETTERS = 10
QUOTA = 4 * 1024 * 1024
"""Bytes the spool may hold, unless `postroomctl quota set` says otherwise."""
LARGEST_LETTER = 64 * 1024
LARGEST_REQUEST = 2 * 1024 * 1024
RELAY_PACE = 0.03
"""Seconds the relay takes to accept a letter, as a distant one would."""
WORKERS = 2
MOST_WORKERS = 16
GRACE = 1.0
"""Seconds a process has to end by itself before it is killed."""
