"""The call home: tells a dead-man's switch elsewhere that this watch is well."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from midwatch.base import lazy

if TYPE_CHECKING:
    import httpx
else:
    httpx = lazy.module("httpx")

LOG = logging.getLogger(__name__)
SECONDS = 10.0


def call(url: str) -> None:
    """Call once. Where that fails nobody is told here: the switch elsewhere is, by the silence."""
    if not url:
        return
    try:
        httpx.get(url, timeout=SECONDS).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        LOG.warning("the call home did not get through: %s", str(error) or type(error).__name__)
