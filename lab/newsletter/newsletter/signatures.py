"""Who sent a request, by AWS Signature Version 4, as the store checks it."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote

SCHEME = "AWS4-HMAC-SHA256"
SKEW = datetime.timedelta(minutes=15)
HEADER = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<scope>[^,]+),\s*"
    r"SignedHeaders=(?P<headers>[^,]+),\s*Signature=(?P<signature>[0-9a-f]{64})"
)


class SignatureError(Exception):
    """The request is not what its sender signed; the message is S3's own code."""


@dataclasses.dataclass(frozen=True, slots=True)
class Signed:
    """The parts of a request that its signature speaks of."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]


def check(request: Signed, body: bytes, keys: Mapping[str, str], now: datetime.datetime) -> None:
    """Raise unless the request carries a valid, recent signature by one of our keys."""
    found = HEADER.match(request.headers.get("authorization", ""))
    if found is None:
        raise SignatureError("AccessDenied")
    secret = keys.get(found["key"])
    if secret is None:
        raise SignatureError("InvalidAccessKeyId")
    stamp = request.headers.get("x-amz-date", "")
    signed_at = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    if abs(now - signed_at) > SKEW:
        raise SignatureError("RequestTimeTooSkewed")
    given = request.headers.get("x-amz-content-sha256", "")
    if given not in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest()):
        raise SignatureError("XAmzContentSHA256Mismatch")
    right = signature(request, found["headers"].split(";"), found["scope"], secret)
    if not hmac.compare_digest(right, found["signature"]):
        raise SignatureError("SignatureDoesNotMatch")


def signature(request: Signed, names: list[str], scope: str, secret: str) -> str:
    """The signature that the holder of the secret would make."""
    text = "\n".join(
        [
            SCHEME,
            request.headers["x-amz-date"],
            scope,
            hashlib.sha256(canonical(request, names).encode()).hexdigest(),
        ]
    )
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def canonical(request: Signed, names: list[str]) -> str:
    """The request in the one form that both sides sign."""
    pairs = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in parse_qsl(request.query, keep_blank_values=True)
    )
    return "\n".join(
        [
            request.method,
            request.path,
            "&".join(f"{name}={value}" for name, value in pairs),
            *[f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in names],
            "",
            ";".join(names),
            request.headers["x-amz-content-sha256"],
        ]
    )
