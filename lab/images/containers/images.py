"""Images: the base from a registry or from debootstrap, the rest built on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from containers import engine, steps

BASE = "debian:bookworm-slim"
MIRROR = "http://deb.debian.org/debian"
HERE = Path(__file__).resolve().parent.parent
SERVERS = ("postgres", "redis", "gateway", "prometheus")
PROXIES = ("http_proxy", "https_proxy", "no_proxy")
PULL_SECONDS = 60
BULK = ("var/cache/apt/archives", "var/lib/apt/lists", "usr/share/doc", "usr/share/man")


def has(name: str) -> bool:
    """Whether the engine holds an image."""
    return steps.works("docker", "image", "inspect", name)


def base() -> None:
    """The base image: there already, from a registry, or made here."""
    if has(BASE):
        return
    with steps.step(f"Fetching {BASE}"):
        if steps.works("timeout", str(PULL_SECONDS), "docker", "pull", "--quiet", BASE):
            return
    if shutil.which("debootstrap") is None:
        engine.install(["debootstrap"])
    if os.geteuid() != 0:
        raise steps.MissingError(
            f"No registry has {BASE} for us, and only root can make it with debootstrap."
        )
    with steps.step(f"No registry in reach: making {BASE} with debootstrap"):
        bootstrap()


def bootstrap() -> None:
    """Make the base image from Debian's packages."""
    with tempfile.TemporaryDirectory(prefix="lab-base-") as name:
        root = Path(name) / "root"
        command = ["debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm"]
        steps.run([*command, str(root), os.environ.get("DEBIAN_MIRROR", MIRROR)])
        for folder in BULK:
            shutil.rmtree(root / folder, ignore_errors=True)
            (root / folder).mkdir(parents=True)
        (root / "var/cache/apt/archives/partial").mkdir()
        packed = subprocess.Popen(["tar", "-C", str(root), "-c", "."], stdout=subprocess.PIPE)
        subprocess.run(
            ["docker", "import", "-", BASE], stdin=packed.stdout, check=True, capture_output=True
        )
        if packed.wait() != 0:
            raise steps.BrokenError("tar could not pack the base image.")


def servers() -> None:
    """The servers that every lab may use; what did not change is built in no time."""
    for name in SERVERS:
        build(HERE / name, f"lab-{name}")


def build(folder: Path, name: str, *, dockerfile: str = "Dockerfile", **arguments: str) -> None:
    """Build one image. The classic builder: it is there with every engine, and needs no plug-in."""
    given = arguments | {key: os.environ[key] for key in PROXIES if key in os.environ}
    extra = [word for key, value in given.items() for word in ("--build-arg", f"{key}={value}")]
    command = ["nice", "docker", "build", "--tag", name, "--file", str(folder / dockerfile)]
    with steps.step(f"Building {name}"):
        environment = os.environ | {"DOCKER_BUILDKIT": "0"}
        steps.run([*command, *extra, str(folder)], environment=environment)
