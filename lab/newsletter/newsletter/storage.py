"""Files of tenants: spooled on the upload volume first, then kept in the S3-compatible store."""

from __future__ import annotations

import dataclasses
import io
import os
import time
import uuid
from collections.abc import Iterable
from pathlib import Path

import minio
import urllib3
from urllib3.util import Timeout

from newsletter.settings import StoreSettings

UNFINISHED = "unfinished/"
PATIENCE = 2.0
SPOOL_SUFFIX = ".part"


@dataclasses.dataclass(frozen=True, slots=True)
class Room:
    """How full the upload volume is, in bytes."""

    used: int
    size: int


class Store:
    """The bucket."""

    def __init__(self, settings: StoreSettings) -> None:
        self.bucket = settings.bucket
        pool = urllib3.PoolManager(timeout=Timeout(PATIENCE), retries=False, maxsize=8)
        self._client = minio.Minio(
            settings.endpoint,
            access_key=settings.key_id,
            secret_key=settings.secret,
            secure=False,
            region="auto",
            http_client=pool,
        )

    def check(self) -> None:
        """Ask for the bucket with our own credentials; an error says what is wrong."""
        if not self._client.bucket_exists(self.bucket):
            raise FileNotFoundError(f"the store has no bucket {self.bucket}")

    def put_file(self, name: str, path: Path) -> None:
        """Keep a file."""
        self._client.fput_object(self.bucket, name, str(path))

    def put(self, name: str, content: bytes) -> None:
        """Keep a few bytes."""
        self._client.put_object(self.bucket, name, io.BytesIO(content), len(content))

    def get(self, name: str) -> bytes:
        """The bytes of a file."""
        answer = self._client.get_object(self.bucket, name)
        try:
            return bytes(answer.data)
        finally:
            answer.release_conn()

    def names(self, prefix: str) -> list[str]:
        """The names below a prefix."""
        found = self._client.list_objects(self.bucket, prefix=prefix, recursive=True)
        return [str(item.object_name) for item in found]

    def remove(self, name: str) -> None:
        """Forget a file."""
        self._client.remove_object(self.bucket, name)


class Spool:
    """The upload volume: a file lies here only until the store has it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def receive(self, chunks: Iterable[bytes]) -> Path:
        """Write an upload down."""
        path = self.folder / f"{uuid.uuid4()}{SPOOL_SUFFIX}"
        is_complete = False
        try:
            with path.open("wb") as file:
                file.writelines(chunks)
            is_complete = True
        finally:
            if not is_complete:
                path.unlink(missing_ok=True)
        return path

    def room(self) -> Room:
        """How full the volume is."""
        state = os.statvfs(self.folder)
        size = state.f_blocks * state.f_frsize
        return Room(used=size - state.f_bavail * state.f_frsize, size=size)

    def unfinished(self, older_than: float) -> list[Path]:
        """Uploads that nobody has written to for some seconds."""
        before = time.time() - older_than
        found = sorted(self.folder.glob(f"*{SPOOL_SUFFIX}"))
        return [path for path in found if path.stat().st_mtime <= before]

    def sweep(self, store: Store, older_than: float) -> list[str]:
        """Move unfinished uploads to the store, each gone from here only when it is there."""
        moved = []
        for path in self.unfinished(older_than):
            store.put_file(f"{UNFINISHED}{path.name}", path)
            path.unlink()
            moved.append(path.name)
        return moved

    def restore(self, store: Store) -> list[str]:
        """Move them back."""
        moved = []
        for name in store.names(UNFINISHED):
            (self.folder / Path(name).name).write_bytes(store.get(name))
            store.remove(name)
            moved.append(Path(name).name)
        return moved
