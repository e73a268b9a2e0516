"""The lab's store keeps what a real S3 client gives it, and lets nobody in without a signature."""

from __future__ import annotations

import io
from pathlib import Path

import httpx
import minio
import pytest
import urllib3
from minio.error import S3Error
from starlette.applications import Starlette
from starlette.routing import Route
from tests.lab.conftest import Serve

from newsletter import object_store

RIGHT = "right"
KEYS = f"AWS_ACCESS_KEY_ID=newsletter\nAWS_SECRET_ACCESS_KEY={RIGHT}\n"


@pytest.fixture
def address(tmp_path: Path, serve: Serve) -> str:
    keys = tmp_path / "keys.env"
    keys.write_text(KEYS)
    (tmp_path / "data" / "assets").mkdir(parents=True)
    store = object_store.Store(tmp_path / "data", keys)
    methods = ["GET", "HEAD", "PUT", "DELETE", "POST"]
    return serve(Starlette(routes=[Route("/{path:path}", store.answer, methods=methods)]))


def client(address: str, key: str = "newsletter", secret: str = RIGHT) -> minio.Minio:
    pool = urllib3.PoolManager(retries=False)
    return minio.Minio(
        address, access_key=key, secret_key=secret, secure=False, region="auto", http_client=pool
    )


def test_what_is_put_comes_back(address: str) -> None:
    content = bytes(range(256)) * 100
    store = client(address)
    store.put_object("assets", "1/über & <b>.png", io.BytesIO(content), len(content))
    assert store.get_object("assets", "1/über & <b>.png").data == content


def test_a_list_shows_names_below_a_prefix(address: str) -> None:
    store = client(address)
    for name in ("1/a.png", "1/b.png", "2/c.png"):
        store.put_object("assets", name, io.BytesIO(b"x"), 1)
    below = [item.object_name for item in store.list_objects("assets", prefix="1/", recursive=True)]
    assert below == ["1/a.png", "1/b.png"]
    assert [item.object_name for item in store.list_objects("assets")] == ["1/", "2/"]


def test_what_is_removed_is_gone(address: str) -> None:
    store = client(address)
    store.put_object("assets", "a", io.BytesIO(b"x"), 1)
    store.remove_object("assets", "a")
    with pytest.raises(S3Error, match="NoSuchKey"):
        store.get_object("assets", "a")


def test_a_name_cannot_lead_out_of_its_bucket() -> None:
    assert object_store.quoted("../../etc/passwd") == "%2e.%2e.%2f.%2e.%2e.%2f.etc%2f.passwd"
    assert object_store.unquoted(object_store.quoted("../ü %2e.")) == "../ü %2e."


@pytest.mark.parametrize(
    ("key", "secret", "code"),
    [("newsletter", "wrong", "SignatureDoesNotMatch"), ("else", "right", "InvalidAccessKeyId")],
)
def test_a_wrong_key_is_refused_by_its_name(address: str, key: str, secret: str, code: str) -> None:
    with pytest.raises(S3Error, match=code):
        client(address, key, secret).put_object("assets", "a", io.BytesIO(b"x"), 1)


def test_a_request_without_a_signature_is_refused(address: str) -> None:
    answer = httpx.get(f"http://{address}/assets/a")
    assert (answer.status_code, "AccessDenied" in answer.text) == (403, True)
