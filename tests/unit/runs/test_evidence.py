"""Evidence: whatever is changed in a bundle is found, and what is not proven is not claimed."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies

from midwatch.runs import archive, chain, evidence

RUN = "1122-0314-k7qm"
PRINTED = b"two pods \x1b[31mfail\x1b[0m\n"
RUNBOOK = b"# Work\n\n## Mend it\n"


def rows() -> list[chain.Entry]:
    """A short run, as the journal stores it."""
    plan = {
        "runbook": "r.md",
        "runbook_digest": hashlib.sha256(RUNBOOK).hexdigest(),
        "environment": {"LANG": "C"},
        "steps": [],
    }
    ended = {"size": len(PRINTED), "sha256": hashlib.sha256(PRINTED).hexdigest(), "state": "X=1"}
    happened: list[tuple[str, dict[str, Any]]] = [
        ("planned", {"plan": plan}),
        ("approved", {"step": 0, "digest": "d", "how": "a person"}),
        ("step-started", {"step": 0, "attempt": 1, "boot": "b"}),
        ("step-finished", {"step": 0, "attempt": 1, "exit": 0, **ended}),
        ("finished", {"outcome": "succeeded", "reason": "é"}),
    ]
    return [
        chain.Entry(RUN, seq, f"2026-11-22T03:14:0{seq}+00:00", kind, chain.compact(payload))
        for seq, (kind, payload) in enumerate(happened)
    ]


def chained(entries: Sequence[chain.Entry]) -> list[chain.Line]:
    lines = [chain.of(entry) for entry in entries]
    return [dataclasses.replace(line, hash=found) for line, found in chain.linked(lines)]


def bundle(lines: Sequence[chain.Line]) -> dict[str, bytes]:
    """The files of an honest bundle."""
    manifest = evidence.Manifest("0.1.0", RUN, len(lines), lines[-1].hash or "")
    return {
        evidence.MANIFEST: manifest.text().encode(),
        evidence.JOURNAL: "".join(f"{line.sealed}\n" for line in lines).encode(),
        evidence.PLAN: evidence.plan_text(lines[0]).encode(),
        evidence.TRANSCRIPT: b"# Mend it: succeeded\n",
        evidence.RUNBOOK: RUNBOOK,
        evidence.output(0, 1): PRINTED,
    }


HONEST = bundle(chained(rows()))


def listed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same with its list of hashes written anew, as a forger would."""
    rest = {name: data for name, data in files.items() if name != evidence.SUMS}
    hashes = [(name, hashlib.sha256(data).hexdigest()) for name, data in rest.items()]
    return {**rest, evidence.SUMS: evidence.sums(hashes).encode()}


def judged(files: dict[str, bytes], expected: str | None = None) -> evidence.Verdict:
    members = [
        archive.Member(name, len(data), hashlib.sha256(data).hexdigest(), data)
        for name, data in files.items()
    ]
    return evidence.judge(members, expected)


def journal(change: Callable[[list[str]], list[str]]) -> dict[str, bytes]:
    """The honest bundle with other lines in its journal, and hashes that fit the new file."""
    lines = change(HONEST[evidence.JOURNAL].decode().splitlines())
    return listed({**HONEST, evidence.JOURNAL: "".join(f"{line}\n" for line in lines).encode()})


def test_an_honest_bundle_fits() -> None:
    verdict = judged(listed(HONEST))

    assert verdict.findings == ()
    assert (verdict.run_id, verdict.events) == (RUN, 5)


@hypothesis.given(data=strategies.data())
def test_any_byte_of_any_file_that_is_flipped_is_found(data: strategies.DataObject) -> None:
    files = listed(HONEST)
    name = data.draw(strategies.sampled_from(sorted(files)))
    at = data.draw(strategies.integers(0, len(files[name]) - 1))
    mask = data.draw(strategies.integers(1, 255))
    changed = bytearray(files[name])
    changed[at] ^= mask

    verdict = judged({**files, name: bytes(changed)})

    assert verdict.findings


@hypothesis.given(data=strategies.data())
def test_a_changed_file_is_found_even_where_its_hash_was_written_anew(
    data: strategies.DataObject,
) -> None:
    """But for the transcript: only the seal, kept elsewhere, holds that."""
    held = (evidence.JOURNAL, evidence.PLAN, evidence.RUNBOOK, evidence.output(0, 1))
    name = data.draw(strategies.sampled_from(held))
    at = data.draw(strategies.integers(0, len(HONEST[name]) - 1))
    changed = bytearray(HONEST[name])
    changed[at] ^= data.draw(strategies.integers(1, 255))

    assert judged(listed({**HONEST, name: bytes(changed)})).findings


@pytest.mark.parametrize("seq", range(5))
def test_a_dropped_event_is_found_and_named(seq: int) -> None:
    verdict = judged(journal(lambda lines: lines[:seq] + lines[seq + 1 :]))

    assert verdict.findings
    assert verdict.findings[0].where == (f"event {seq}" if seq < 4 else evidence.MANIFEST)


@pytest.mark.parametrize("seq", range(4))
def test_two_events_that_changed_places_are_found(seq: int) -> None:
    def swapped(lines: list[str]) -> list[str]:
        return [*lines[:seq], lines[seq + 1], lines[seq], *lines[seq + 2 :]]

    assert judged(journal(swapped)).findings[0].where == f"event {seq}"


def test_an_appended_event_is_found() -> None:
    def longer(lines: list[str]) -> list[str]:
        last = chain.parsed(lines[-1])
        assert last is not None
        text = last.text.replace('"seq":4', '"seq":5')
        return [*lines, chain.Line(RUN, 5, text, chain.link(last.hash or "", text)).sealed]

    assert judged(journal(longer)).findings[0].where == evidence.MANIFEST


def test_an_event_of_another_run_is_found() -> None:
    entries = rows()
    entries[2] = dataclasses.replace(entries[2], run_id="1122-0314-zzzz")

    assert judged(listed(bundle(chained(entries)))).findings[0].where == "event 2"


def test_a_hash_that_was_taken_away_is_found() -> None:
    def bare(lines: list[str]) -> list[str]:
        first = chain.parsed(lines[3])
        assert first is not None
        return [*lines[:3], first.text, *lines[4:]]

    assert judged(journal(bare)).findings[0].where == "event 3"


@pytest.mark.parametrize("name", sorted(HONEST))
def test_a_dropped_file_is_found(name: str) -> None:
    files = {each: data for each, data in HONEST.items() if each != name}

    assert judged(listed(files)).findings[0].where == name


def test_a_file_that_was_put_in_is_found() -> None:
    files = {**HONEST, "output/step-009-1.txt": b"all is well\n"}

    assert [each.where for each in judged(listed(files)).findings] == ["output/step-009-1.txt"]


def test_a_journal_written_anew_from_end_to_end_fits_but_not_the_hash_kept_elsewhere() -> None:
    """What a chain cannot prove by itself, and what it can once its head lies elsewhere."""
    entries = rows()
    entries[1] = dataclasses.replace(entries[1], at="2026-11-22T02:00:00+00:00")
    forged = listed(bundle(chained(entries)))
    honest = judged(listed(HONEST))

    assert judged(forged).findings == ()
    assert judged(forged, honest.head).findings[0].where == "the hash kept elsewhere"
    assert judged(forged, honest.seal).findings
    assert judged(listed(HONEST), honest.head).findings == ()
    assert judged(listed(HONEST), honest.seal).findings == ()


def test_a_run_older_than_the_chain_is_told_as_such_and_not_proven() -> None:
    verdict = judged(listed(bundle([chain.of(entry) for entry in rows()])))

    assert verdict.findings[0].where == "event 4"
    assert "never chained" in verdict.findings[0].why


def test_a_run_that_began_before_the_chain_is_covered_by_its_first_hash() -> None:
    lines = chained(rows())
    mixed = [dataclasses.replace(line, hash=None) for line in lines[:2]] + lines[2:]

    verdict = judged(listed(bundle(mixed)))

    assert verdict.findings == ()
    assert verdict.notes == ("Events 0 to 1 are older than the chain: event 2 covers them.",)


def test_what_only_this_machine_needs_stays_here_and_is_chained_all_the_same() -> None:
    lines = chained(rows())
    shared = "".join(line.text for line in lines)
    other = rows()
    other[3] = dataclasses.replace(other[3], payload=other[3].payload.replace("X=1", "X=2"))

    assert "LANG" not in shared
    assert "X=1" not in shared
    assert chained(other)[3].hash != lines[3].hash


@pytest.mark.parametrize("nonsense", ["[]", "{}", "null", '{"plan":3}', "7", '{"plan":{"a":1}}'])
def test_a_journal_of_nonsense_is_found_and_does_not_trouble(nonsense: str) -> None:
    line = f'{{"run_id":"r","seq":0,"at":"","kind":"planned","payload":{nonsense}}}'

    assert judged(journal(lambda _: [line])).findings
    assert judged(journal(lambda lines: [*lines, line])).findings


def written(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    archive.write(target, [archive.Source(name, len(data), [data]) for name, data in files.items()])
    return target.getvalue()


def test_the_same_files_are_the_same_archive() -> None:
    assert written(listed(HONEST)) == written(listed(HONEST))


@hypothesis.given(data=strategies.data())
def test_a_flipped_bit_of_the_archive_is_found_or_changes_nothing(
    data: strategies.DataObject,
) -> None:
    """Some bits of a packed stream mean nothing: what comes out is the same to the byte."""
    honest = written(listed(HONEST))
    at = data.draw(strategies.integers(0, len(honest) - 1))
    changed = bytearray(honest)
    changed[at] ^= 1 << data.draw(strategies.integers(0, 7))
    try:
        members = list(archive.read(io.BytesIO(bytes(changed))))
    except archive.DamagedError:
        return
    assert members == list(archive.read(io.BytesIO(honest)))


@hypothesis.given(length=strategies.integers(0, 10_000))
def test_a_cut_or_longer_archive_is_found(length: int) -> None:
    honest = written(listed(HONEST))
    cut = honest[: length % len(honest)]

    with pytest.raises(archive.DamagedError):
        list(archive.read(io.BytesIO(cut)))
    with pytest.raises(archive.DamagedError):
        list(archive.read(io.BytesIO(honest + b"\0" * (length + 1))))


def test_the_journal_can_be_followed_without_midwatch() -> None:
    """Each hash is sha256 over the one before, a line break, and the line without its hash."""
    previous = "0" * 64
    for line in HONEST[evidence.JOURNAL].decode().splitlines():
        found = json.loads(line)["hash"]
        bare = line.replace(f',"hash":"{found}"', "")
        assert hashlib.sha256(f"{previous}\n{bare}".encode()).hexdigest() == found
        previous = found
