"""One archive, always the same bytes for the same files: tar in gzip, nothing but names and data.

Reading trusts nothing: a header that is not byte for byte the one we would have written is refused,
and nothing is ever unpacked.
"""

from __future__ import annotations

import dataclasses
import gzip
import hashlib
import io
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

BLOCK = tarfile.BLOCKSIZE
RECORD = tarfile.RECORDSIZE
CHUNK = 1 << 16
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
HEAD = bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 0xFF))
"""How our gzip begins: no name, no time, no system."""
KEPT = 64 << 20
"""Of a longer member only size and hash are taken."""


class DamagedError(Exception):
    """It is no archive of ours, or not any more; the message says where."""


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """A member to be written: its name, its size and where its bytes come from."""

    name: str
    size: int
    chunks: Iterable[bytes]


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """A member that was read."""

    name: str
    size: int
    sha256: str
    data: bytes


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.USTAR_FORMAT)


def write(target: BinaryIO, sources: Iterable[Source]) -> None:
    """Write the members, in their order."""
    written = 0
    with gzip.GzipFile("", "wb", 9, target, 0) as packed:
        for source in sources:
            packed.write(_header(source.name, source.size))
            count = 0
            for chunk in source.chunks:
                packed.write(chunk)
                count += len(chunk)
            if count != source.size:
                raise DamagedError(f"{source.name} changed while it was read")
            packed.write(bytes(-count % BLOCK))
            written += BLOCK + count + -count % BLOCK
        packed.write(bytes(2 * BLOCK + -(written + 2 * BLOCK) % RECORD))


def read(source: BinaryIO) -> Iterator[Member]:
    """The members, in their order; whatever is not as we write it is damage."""
    unpacked = _Unpacked(source)
    total = 0
    while True:
        head = unpacked.take(BLOCK, "a header")
        total += BLOCK
        if not any(head):
            break
        name, size = _named(head)
        yield _member(unpacked, name, size)
        total += size + -size % BLOCK
    rest = BLOCK + -(total + BLOCK) % RECORD
    if any(unpacked.take(rest, "its end")):
        raise DamagedError("there is something behind its last member")
    unpacked.finish()


def _named(head: bytes) -> tuple[str, int]:
    try:
        info = tarfile.TarInfo.frombuf(head, "ascii", "strict")
    except (tarfile.HeaderError, UnicodeDecodeError) as error:
        raise DamagedError("the header of a member is damaged") from error
    if not NAME.fullmatch(info.name) or info.size < 0 or _header(info.name, info.size) != head:
        raise DamagedError("the header of a member is not as Midwatch writes it")
    return info.name, info.size


def _member(unpacked: _Unpacked, name: str, size: int) -> Member:
    digest, kept, left = hashlib.sha256(), io.BytesIO(), size
    while left:
        data = unpacked.take(min(left, CHUNK), name)
        digest.update(data)
        if size <= KEPT:
            kept.write(data)
        left -= len(data)
    if any(unpacked.take(-size % BLOCK, name)):
        raise DamagedError(f"there is something behind {name}")
    return Member(name, size, digest.hexdigest(), kept.getvalue())


class _Unpacked:
    """What is in the gzip, a piece at a time: one stream, our own header, nothing behind it."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        if source.read(len(HEAD)) != HEAD:
            raise DamagedError("it does not begin as Midwatch's archives do")
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        self._ready = b""
        self._checksum = 0
        self._size = 0

    def take(self, count: int, what: str) -> bytes:
        """That many bytes."""
        while len(self._ready) < count:
            if self._inflate.eof:
                raise DamagedError(f"it ends within {what}")
            self._ready += self._more(what)
        data, self._ready = self._ready[:count], self._ready[count:]
        return data

    def _more(self, what: str) -> bytes:
        data = self._inflate.unconsumed_tail or self._source.read(CHUNK)
        if not data:
            raise DamagedError(f"it ends within {what}")
        try:
            found = self._inflate.decompress(data, CHUNK)
        except zlib.error as error:
            raise DamagedError(f"it cannot be unpacked within {what}") from error
        self._checksum = zlib.crc32(found, self._checksum)
        self._size += len(found)
        return found

    def finish(self) -> None:
        """Nothing more, and the check sum fits."""
        while not self._inflate.eof:
            if self._more("its end"):
                raise DamagedError("there is something behind its last member")
        wanted = self._checksum.to_bytes(4, "little")
        wanted += (self._size & 0xFFFFFFFF).to_bytes(4, "little")
        if self._ready or self._inflate.unused_data + self._source.read() != wanted:
            raise DamagedError("its check sum does not fit, or something stands behind it")
