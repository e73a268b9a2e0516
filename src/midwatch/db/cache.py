"""What was worked out before, kept by the hash of what it was worked out from."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pathlib
import tempfile

import platformdirs

MARK = b"midwatch-cache-1\n"


def folder() -> pathlib.Path:
    """Where this user's cache stands."""
    return pathlib.Path(platformdirs.user_cache_dir("midwatch", appauthor=False))


class Cache:
    """Entries by key, each a file; two processes may share it, and a damaged entry is dropped."""

    def __init__(self, place: pathlib.Path) -> None:
        self._place = place

    def get(self, key: str) -> bytes | None:
        """What was kept under that key, if it is whole."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        head = len(MARK) + hashlib.sha256().digest_size
        body = data[head:]
        if not data.startswith(MARK) or hashlib.sha256(body).digest() != data[len(MARK) : head]:
            self.drop(key)
            return None
        return body

    def put(self, key: str, body: bytes) -> None:
        """Keep it: written beside and renamed, so that nobody ever reads half of it.

        A cache that cannot be written is no failure: the work is done again next time.
        """
        path = self._path(key)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(MARK + hashlib.sha256(body).digest() + body)
                pathlib.Path(beside).replace(path)
            except OSError:
                pathlib.Path(beside).unlink(missing_ok=True)

    def drop(self, key: str) -> None:
        """Forget an entry."""
        with contextlib.suppress(OSError):
            self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> pathlib.Path:
        return self._place / key[:2] / key[2:]
