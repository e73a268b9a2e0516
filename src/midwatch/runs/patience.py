"""How long a verification is tried before it has failed."""

from __future__ import annotations

from midwatch.base import shape


@shape.frozen
class Patience:
    """Seconds between two tries, and for all of them."""

    every: float = 5.0
    seconds: float = 60.0
    until_target: bool = False
    """Until the document's own recovery target, where it names one."""
