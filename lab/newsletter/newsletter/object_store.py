"""A small S3-compatible store: buckets and objects on disk, every request's signature checked.

No store with an S3 interface is packaged for Debian in a size for a lab, so this is ours. It does
what its clients here use: buckets, put, get, head, copy, delete, list. Uploads in parts, versions
and policies it refuses with `NotImplemented`.
"""

from __future__ import annotations

import datetime
import email.utils
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote
from xml.sax.saxutils import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter import signatures

STATUS = {"NoSuchBucket": 404, "NoSuchKey": 404, "NotImplemented": 501, "InvalidURI": 400}
IMPLEMENTED = {"list-type", "prefix", "delimiter", "max-keys", "encoding-type", "location"}
IMPLEMENTED |= {"continuation-token", "start-after", "fetch-owner"}
NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


class StoreError(Exception):
    """What S3 calls the trouble."""


class Store:
    """A folder a bucket, a file an object; names are kept percent-encoded in one level."""

    def __init__(self, folder: Path, keys_file: Path) -> None:
        self._folder = folder
        self._keys_file = keys_file

    def keys(self) -> dict[str, str]:
        """The keys that may come in, read anew each time: a rotated key is out at once."""
        lines = self._keys_file.read_text().splitlines()
        pairs = dict(line.split("=", 1) for line in lines if "=" in line)
        return {pairs["AWS_ACCESS_KEY_ID"]: pairs["AWS_SECRET_ACCESS_KEY"]}

    async def answer(self, request: Request) -> Response:
        """Check who asks, then do what was asked."""
        body = await request.body()
        headers = {name.lower(): value for name, value in request.headers.items()}
        path = request.scope["raw_path"].decode().partition("?")[0]
        signed = signatures.Signed(request.method, path, request.url.query, headers)
        try:
            signatures.check(signed, body, self.keys(), datetime.datetime.now(datetime.UTC))
            bucket, _, name = path.lstrip("/").partition("/")
            return self._act(request, unquote(bucket), unquote(name), body)
        except (signatures.SignatureError, StoreError) as error:
            code = str(error)
            text = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>"
            return xml(text, STATUS.get(code, 403))

    def _act(self, request: Request, bucket: str, name: str, body: bytes) -> Response:
        if set(request.query_params) - IMPLEMENTED:
            raise StoreError("NotImplemented")
        if not bucket:
            return self._buckets()
        if not name:
            return self._bucket(request, bucket)
        if request.method == "PUT":
            return self._put(request, bucket, name, body)
        path = self._path(bucket, name)
        if request.method == "DELETE":
            path.unlink(missing_ok=True)
            return Response(status_code=204)
        if not path.exists():
            raise StoreError("NoSuchKey")
        headers = described(path)
        if request.method == "HEAD":
            return Response(headers=headers | {"Content-Length": str(path.stat().st_size)})
        return Response(path.read_bytes(), headers=headers, media_type="application/octet-stream")

    def _put(self, request: Request, bucket: str, name: str, body: bytes) -> Response:
        source = request.headers.get("x-amz-copy-source")
        if source is not None:
            from_bucket, _, from_name = unquote(source).lstrip("/").partition("/")
            origin = self._path(from_bucket, from_name)
            if not origin.exists():
                raise StoreError("NoSuchKey")
            body = origin.read_bytes()
        path = self._path(bucket, name)
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).rename(path)
        headers = described(path)
        if source is None:
            return Response(headers=headers)
        tag, at = headers["ETag"], stamp(path)
        inside = f"<LastModified>{at}</LastModified><ETag>{escape(tag)}</ETag>"
        return xml(f"<CopyObjectResult {NAMESPACE}>{inside}</CopyObjectResult>")

    def _buckets(self) -> Response:
        names = sorted(path.name for path in self._folder.iterdir() if path.is_dir())
        at = "<CreationDate>2026-01-01T00:00:00.000Z</CreationDate>"
        inside = "".join(f"<Bucket><Name>{escape(name)}</Name>{at}</Bucket>" for name in names)
        owner = "<Owner><ID>newsletter</ID></Owner>"
        result = f"{owner}<Buckets>{inside}</Buckets>"
        return xml(f"<ListAllMyBucketsResult {NAMESPACE}>{result}</ListAllMyBucketsResult>")

    def _bucket(self, request: Request, bucket: str) -> Response:
        folder = self._folder / quoted(bucket)
        if request.method == "PUT":
            folder.mkdir(exist_ok=True)
            return Response(status_code=200)
        if not folder.is_dir():
            raise StoreError("NoSuchBucket")
        if request.method == "HEAD":
            return Response()
        if request.method != "GET":
            raise StoreError("NotImplemented")
        if "location" in request.query_params:
            return xml(f"<LocationConstraint {NAMESPACE}>auto</LocationConstraint>")
        prefix = request.query_params.get("prefix", "")
        delimiter = request.query_params.get("delimiter", "")
        inside = "".join(listed(folder, prefix, delimiter))
        head = f"<Name>{escape(bucket)}</Name><Prefix>{escape(prefix)}</Prefix>"
        head += "<IsTruncated>false</IsTruncated>"
        return xml(f"<ListBucketResult {NAMESPACE}>{head}{inside}</ListBucketResult>")

    def _path(self, bucket: str, name: str) -> Path:
        folder = self._folder / quoted(bucket)
        if not folder.is_dir():
            raise StoreError("NoSuchBucket")
        return folder / quoted(name)


def quoted(name: str) -> str:
    """A name as a file's name: nothing in it can lead out of its folder."""
    safe = "".join(
        char if (char.isalnum() and char.isascii()) or char in "-_" else f"%{ord(char):x}."
        for char in name
    )
    if not safe or len(safe) > 250:  # noqa: PLR2004 - what a file system takes
        raise StoreError("InvalidURI")
    return safe


def unquoted(name: str) -> str:
    """The name again."""
    first, *parts = name.split("%")
    return first + "".join(
        chr(int(part.partition(".")[0], 16)) + part.partition(".")[2] for part in parts
    )


def listed(folder: Path, prefix: str, delimiter: str) -> Iterator[str]:
    """The objects below a prefix, and the prefixes that are common to several."""
    common = set()
    for path in sorted(folder.iterdir()):
        name = unquoted(path.name)
        if not name.startswith(prefix):
            continue
        rest = name[len(prefix) :]
        if delimiter and delimiter in rest:
            common.add(prefix + rest.partition(delimiter)[0] + delimiter)
            continue
        tag = escape(described(path)["ETag"])
        size = path.stat().st_size
        facts = f"<Key>{escape(name)}</Key><LastModified>{stamp(path)}</LastModified>"
        facts += f"<ETag>{tag}</ETag><Size>{size}</Size><StorageClass>STANDARD</StorageClass>"
        yield f"<Contents>{facts}</Contents>"
    for name in sorted(common):
        yield f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>"


def stamp(path: Path) -> str:
    """When a file was written, as S3 writes it."""
    at = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def described(path: Path) -> dict[str, str]:
    """The headers that tell of an object."""
    digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    at = email.utils.formatdate(path.stat().st_mtime, usegmt=True)
    return {"ETag": f'"{digest}"', "Last-Modified": at}


def xml(text: str, status: int = 200) -> Response:
    """An answer in XML."""
    document = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'
    return Response(document, status_code=status, media_type="application/xml")


def create() -> Starlette:
    """What uvicorn starts."""
    folder = Path(os.environ.get("STORE_FOLDER", "/var/lib/store"))
    store = Store(folder, Path(os.environ.get("STORE_KEYS", "/run/secrets/store-keys.env")))
    for name in os.environ.get("STORE_BUCKETS", "newsletter-assets newsletter-backup").split():
        (folder / quoted(name)).mkdir(parents=True, exist_ok=True)
    methods = ["GET", "HEAD", "PUT", "DELETE", "POST"]
    return Starlette(routes=[Route("/{path:path}", store.answer, methods=methods)])
