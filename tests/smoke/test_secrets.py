"""Secret values are masked wherever they would be stored or shown."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

Desk = Any
CANARY = "canary-7f3a91c5-value"


def everything(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def forms() -> list[bytes]:
    return [CANARY.encode(), base64.b64encode(CANARY.encode())]


def test_a_secret_of_the_environment_is_in_no_byte_that_midwatch_writes(desk: Desk) -> None:
    desk.steps(
        'echo "token: $API_TOKEN"',
        'URL="https://admin:$API_TOKEN@db.internal/"',
        'echo "$URL"; printf "%s" "$API_TOKEN" | base64',
        'printf "%s" "${API_TOKEN:0:9}"; sleep 0.2; printf "%s\\n" "${API_TOKEN:9}"',
        "sh -c 'exit 3'",
    )

    for extra in ((), ("--json",)):
        ended = desk.run("--yes", "change", *extra, API_TOKEN=CANARY)
        told = desk.midwatch("transcript", ended.run_id, API_TOKEN=CANARY)
        written = everything(Path(desk.environment["MIDWATCH_STATE"]))
        shown = (ended.output + ended.errors + told.output).encode()

        assert ended.code == 1, ended.output + ended.errors
        assert "token: ******" in told.output
        assert not [form for form in forms() if form in written or form in shown]


def test_a_secret_input_reaches_the_step_and_nothing_else(desk: Desk) -> None:
    desk.steps(
        "env GIVEN=<password> sh -c 'printf %s \"$GIVEN\" | wc -c'",
        "env GIVEN=<password> sh -c 'echo \"$GIVEN\"'",
    )

    ended = desk.run("--yes", "change", "--json", "--set", f"password={CANARY}")
    written = everything(Path(desk.environment["MIDWATCH_STATE"]))

    assert ended.code == 0, ended.output + ended.errors
    assert [each["tail"] for each in ended.finished()] == [f"{len(CANARY)}\n", "******\n"]
    assert CANARY.encode() not in written + ended.output.encode()


def test_a_resumed_run_wants_its_secret_again(desk: Desk) -> None:
    desk.steps("echo $API_TOKEN | wc -c", "touch changed")
    first = desk.run(API_TOKEN=CANARY)

    without = desk.midwatch("resume", first.run_id, "--yes", "change")
    again = desk.midwatch("resume", first.run_id, "--yes", "change", API_TOKEN=CANARY)

    assert (first.code, without.code, again.code) == (4, 4, 0)
    assert "API_TOKEN" in without.errors
