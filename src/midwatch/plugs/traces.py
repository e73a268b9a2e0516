"""Hands a trace to an OpenTelemetry collector, where the environment names one.

The variables are OpenTelemetry's own:
https://opentelemetry.io/docs/specs/otel/protocol/exporter/
"""

from __future__ import annotations

import logging
import urllib.parse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from midwatch.base import lazy

if TYPE_CHECKING:
    import httpx
else:
    httpx = lazy.module("httpx")

LOG = logging.getLogger(__name__)
SECONDS = 5.0
BASE, OWN = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
HEADERS = "OTEL_EXPORTER_OTLP_HEADERS"


def endpoint(environment: Mapping[str, str]) -> str:
    """Where traces go; nothing where nobody wants them."""
    own = environment.get(OWN, "")
    base = environment.get(BASE, "").rstrip("/")
    return own or (f"{base}/v1/traces" if base else "")


def headers(environment: Mapping[str, str]) -> dict[str, str]:
    """`key=value,key=value`, as OpenTelemetry writes them."""
    pairs = (part.partition("=") for part in environment.get(HEADERS, "").split(","))
    return {
        name.strip(): urllib.parse.unquote(value.strip())
        for name, _, value in pairs
        if name.strip()
    }


def send(request: Mapping[str, Any], environment: Mapping[str, str]) -> bool:
    """Hand it over once; a collector that is away costs a trace, never a run."""
    url = endpoint(environment)
    if not url:
        return False
    try:
        answer = httpx.post(url, json=request, headers=headers(environment), timeout=SECONDS)
        answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        LOG.warning("the trace was not taken: %s", str(error) or type(error).__name__)
        return False
    return True
