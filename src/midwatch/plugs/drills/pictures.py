"""Whether drawings can be had as PNG, and the drawing of them."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from midwatch.base import lazy
from midwatch.drills import drawing

if TYPE_CHECKING:
    from midwatch.plugs.drills import png
else:
    png = lazy.module("midwatch.plugs.drills.png")

EXTRA = "midwatch[pictures]"


def can() -> bool:
    """Whether Pillow is installed."""
    return importlib.util.find_spec("PIL") is not None


def render(drawn: drawing.Drawing) -> bytes:
    """The drawing as PNG."""
    return png.render(drawn)
