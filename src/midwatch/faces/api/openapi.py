"""`/openapi.json`: what the API takes and gives, as a machine reads it."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import yaml
from starlette import requests, responses

import midwatch

PATH = Path(__file__).with_name("openapi.yaml")


@functools.cache
def written() -> bytes:
    """The document, with the version of this Midwatch."""
    found = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    found["info"]["version"] = midwatch.__version__
    return json.dumps(found).encode()


async def document(_: requests.Request) -> responses.Response:
    """The document."""
    return responses.Response(written(), media_type="application/json")
