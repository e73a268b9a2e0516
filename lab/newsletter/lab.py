"""`make lab-newsletter` and `make lab-down`: the Newsletter platform on this machine."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from containers import engine, images, steps

HERE = Path(__file__).resolve().parent
STATE = HERE / ".state"
VERSION, BAD_VERSION = "1.0.0", "1.1.0"
HEALTH = "http://localhost:3000/api/health"
PATIENCE = 90.0
ADVICE = """
[bold]Newsletter runs.[/]
  what users see   curl -s http://localhost:3000/api/health | jq .
  Prometheus       http://localhost:9090/alerts
  mail provider    curl -s http://localhost:8025/_lab/mails | jq .
  break it         lab/newsletter/fault inject app-killed
  look at it       lab/newsletter/probe pages --once
  heal it          midwatch run lab/newsletter/RUNBOOK.md#application-down --target newsletter
  remove it        make lab-down
"""


def main(arguments: list[str]) -> int:
    """Start or remove; 3 when the machine lacks what it must have."""
    try:
        if arguments == ["up"]:
            up()
        elif arguments == ["down"]:
            down()
        else:
            steps.SCREEN.print("usage: lab.py up | down")
            return 2
    except steps.MissingError as error:
        steps.SCREEN.print(f"[red]✗[/] {error}")
        return 3
    except steps.BrokenError as error:
        steps.SCREEN.print(f"[red]✗[/] {error}")
        return 1
    return 0


def up() -> None:
    """Install what is missing, build, start, and wait until it is healthy."""
    lacking = engine.missing()
    if lacking:
        engine.install(lacking)
    STATE.mkdir(mode=0o700, exist_ok=True)
    engine.start(STATE / "dockerd.log")
    write_settings()
    build()
    with steps.step("Starting the containers"):
        compose("up", "--detach")
        compose("kill", "-s", "HUP", "gateway", "prometheus")  # they read their settings anew
    with steps.step("Waiting until every part is well"):
        wait()
    steps.SCREEN.print(ADVICE)


def build() -> None:
    """The images; what is built already is left alone, unless its sources changed."""
    images.base()
    images.servers()
    with steps.step("Fetching Python packages"):
        fetch_wheels(HERE / "requirements.txt", STATE / "wheels")
    images.build(HERE, f"newsletter-app:{VERSION}", VERSION=VERSION)
    images.build(HERE, f"newsletter-app:{BAD_VERSION}", dockerfile="bad-release.Dockerfile")


def fetch_wheels(requirements: Path, folder: Path) -> None:
    """Fetch packages with this machine's own pip, so that the image needs none of its settings."""
    stamp = folder / "requirements.txt"
    if stamp.exists() and stamp.read_text() == requirements.read_text():
        return
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--only-binary", ":all:"]
    command += ["--python-version", "3.11"]
    machine = "aarch64" if "aarch64" in steps.run(["uname", "-m"]) else "x86_64"
    for platform in (f"manylinux2014_{machine}", f"manylinux_2_28_{machine}", "any"):
        command += ["--platform", platform]
    steps.run([*command, "--requirement", str(requirements), "--dest", str(folder)])
    stamp.write_text(requirements.read_text())


def write_settings() -> None:
    """Passwords and keys, made once; the vault holds the store's keys, `store.env` our copy."""
    vault = STATE / "vault"
    vault.mkdir(exist_ok=True)
    database, mail, store = (secrets.token_urlsafe(18) for _ in range(3))
    files = {
        STATE / "postgres.env": f"POSTGRES_DB=newsletter\nPOSTGRES_PASSWORD={database}\n",
        STATE / "platform.env": (
            f"DATABASE_URL=postgresql://newsletter:{database}@postgres/newsletter\n"
            f"MAIL_API_KEY={mail}\nAWS_ENDPOINT_URL=http://store:9000\n"
            "AWS_DEFAULT_REGION=auto\nAWS_REQUEST_CHECKSUM_CALCULATION=when_required\n"
        ),
        vault / "store-keys.env": (
            f"AWS_ACCESS_KEY_ID=newsletter\nAWS_SECRET_ACCESS_KEY={store}\n"
        ),
        HERE / ".env": f"COMPOSE_PROJECT_NAME=newsletter\nAPP_VERSION={VERSION}\n",
    }
    for path, text in files.items():
        if not path.exists():
            path.write_text(text)
    if not (STATE / "store.env").exists():
        shutil.copy(vault / "store-keys.env", STATE / "store.env")


def compose(*words: str) -> str:
    """Docker Compose, in this folder."""
    return steps.run(["docker-compose", *words], folder=HERE)


def wait() -> None:
    """Until the health page says that all is well."""
    end, said = time.monotonic() + PATIENCE, "nothing"
    while time.monotonic() < end:
        said = health()
        if said == "ok":
            return
        time.sleep(1)
    raise steps.BrokenError(
        f"Not every part is well after {PATIENCE:g} s: {said}\n"
        "`docker-compose logs --tail 20` in lab/newsletter says more."
    )


def health() -> str:
    """`ok`, or what is wrong."""
    try:
        with urllib.request.urlopen(HEALTH, timeout=5) as answer:
            return str(json.load(answer)["status"])
    except urllib.error.HTTPError as error:
        return error.read().decode(errors="replace")[:500]
    except (OSError, ValueError) as error:
        return str(error)


def down() -> None:
    """Remove the containers, their data and the secrets; the images stay for the next time."""
    if not (HERE / ".env").exists() or not engine.runs():
        steps.SCREEN.print("Newsletter does not run.")
        return
    with steps.step("Removing containers, networks and data"):
        compose("down", "--volumes", "--remove-orphans", "--timeout", "3")
    for path in [HERE / ".env", STATE / "vault", *STATE.glob("*.env")]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    left = subprocess.run(
        [
            "docker",
            "ps",
            "--all",
            "--quiet",
            "--filter",
            "label=com.docker.compose.project=newsletter",
        ],
        check=False,
        capture_output=True,
        text=True,
    ).stdout.split()
    steps.SCREEN.print(f"{len(left)} containers are left. Images and the engine stay as they are.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
