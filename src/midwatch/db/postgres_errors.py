"""What Postgres says, as a sentence with the next step."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from midwatch.base import errors, lazy

if TYPE_CHECKING:
    import psycopg
else:
    psycopg = lazy.module("psycopg")


@contextlib.contextmanager
def telling() -> Iterator[None]:
    """Turn complaints of the server, and of a machine without its driver, into a sentence."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise errors.MissingError(
            "Postgres as the watch's database needs psycopg.",
            "Install it: pip install 'midwatch[postgres]'.",
        ) from error
    except psycopg.Error as error:
        reason = str(error).strip().partition("\n")[0]
        raise errors.StoreError(
            f"The watch's database cannot be used: {reason}.",
            "Check that Postgres runs and that the URL is right; what was accepted is kept.",
        ) from error
