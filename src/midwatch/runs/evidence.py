"""The evidence of a run: what is in a bundle, and whether all of it fits together."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from midwatch.runs import archive, chain

VERSION = 1
MANIFEST = "manifest.json"
JOURNAL = "journal.jsonl"
PLAN = "plan.json"
RUNBOOK = "runbook.md"
TRANSCRIPT = "transcript.md"
SUMS = "SHA256SUMS"
FIRST = (MANIFEST, JOURNAL, PLAN)
OUTPUT = "output/{}.txt"
STEP, SHELL, EXIT_TRAP = "step-{:03d}-{}", "step-{:03d}-shell-{}", "exit-trap-{}"
"""What the files of a step, of a person's shell and of the author's EXIT trap are called."""


def output(step: int, attempt: int) -> str:
    """The name of what an attempt at a step printed."""
    return OUTPUT.format(STEP.format(step + 1, attempt))


@dataclasses.dataclass(frozen=True, slots=True)
class Manifest:
    """What the bundle is, and what it leaves out."""

    midwatch: str
    run_id: str
    events: int
    head: str
    masked: tuple[str, ...] = ()
    """Files a secret was taken out of after the journal had hashed them."""
    left_out: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """What would belong in it, and why it is not there."""

    def text(self) -> str:
        """As it stands in the bundle."""
        fields = {"version": VERSION, **dataclasses.asdict(self)}
        return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit: which file or event, and why."""

    where: str
    why: str


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What a bundle proves, or the first things that do not fit."""

    run_id: str
    events: int
    head: str
    seal: str
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


def sums(members: Sequence[tuple[str, str]]) -> str:
    """Names and hashes as `sha256sum -c` reads them."""
    return "".join(f"{digest}  {name}\n" for name, digest in members)


def seal(text: str) -> str:
    """One hash over all of the bundle."""
    return hashlib.sha256(text.encode()).hexdigest()


def plan_text(first: chain.Line) -> str:
    """The plan as the journal's first event has it, for people."""
    plan = json.loads(first.text)["payload"]["plan"]
    return json.dumps(plan, ensure_ascii=False, indent=1) + "\n"


def judge(members: Sequence[archive.Member], expected: str | None = None) -> Verdict:
    """Whether the members fit together, and fit the hash that was kept elsewhere."""
    found = {member.name: member for member in members}
    missing = [name for name in (*FIRST, TRANSCRIPT, SUMS) if name not in found]
    if missing:
        why = "it is not in the bundle"
        return Verdict("", 0, "", "", tuple(Finding(name, why) for name in missing))
    lines = _lines(found[JOURNAL])
    whole = [line for line in lines if line is not None]
    sealed = seal(found[SUMS].data.decode("utf-8", "replace"))
    head = (whole[-1].hash or "") if whole else ""
    bundle = _Bundle(members, found, lines, whole)
    findings = _findings(bundle)
    if expected is not None and expected not in {head, sealed}:
        why = f"neither the journal's head {head} nor the bundle's seal {sealed} is {expected}"
        findings.append(Finding("the hash kept elsewhere", why))
    run_id = whole[0].run_id if whole else ""
    return Verdict(run_id, len(lines), head, sealed, tuple(findings), tuple(bundle.notes()))


def _findings(bundle: _Bundle) -> list[Finding]:
    found = []
    try:
        for each in bundle.findings():
            found.append(each)  # noqa: PERF402  (what was found before the error counts)
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        why = f"it is not as Midwatch writes it ({type(error).__name__})"
        found.append(Finding("the bundle", why))
    return found


def _lines(journal: archive.Member) -> list[chain.Line | None]:
    text = journal.data.decode("utf-8", "surrogateescape")
    if not text.endswith("\n"):
        text += "\0\n"  # its last line was cut, and must not be read as whole
    return [chain.parsed(line) for line in text[:-1].split("\n")]


@dataclasses.dataclass(frozen=True, slots=True)
class _Bundle:
    members: Sequence[archive.Member]
    found: Mapping[str, archive.Member]
    lines: Sequence[chain.Line | None]
    whole: Sequence[chain.Line]

    def findings(self) -> Iterator[Finding]:
        """All that does not fit, the journal first."""
        yield from self.of_journal()
        yield from self.of_sums()
        if len(self.whole) == len(self.lines):
            yield from self.of_manifest()
            yield from self.of_plan()
            yield from self.of_outputs()

    def of_journal(self) -> Iterator[Finding]:
        """The first event that breaks the chain."""
        for number, line in enumerate(self.lines):
            if line is None:
                yield Finding(f"event {number}", "its line in journal.jsonl is no event")
                return
        broken = chain.first_break(self.whole)
        if broken is not None:
            yield Finding(f"event {broken.seq}", broken.why)
        elif not self.whole[-1].hash:
            last = f"event {self.whole[-1].seq}"
            yield Finding(last, "it carries no hash: the journal was never chained")

    def of_sums(self) -> Iterator[Finding]:
        """Every file against the list of hashes, which lists them in their order."""
        listed = [member for member in self.members if member.name != SUMS]
        wanted = sums([(member.name, member.sha256) for member in listed])
        text = self.found[SUMS].data.decode("utf-8", "replace")
        if self.members[-1].name != SUMS or len(self.found) != len(self.members):
            yield Finding(SUMS, "files stand twice, or not in their order")
        elif text != wanted:
            known = dict(line.split("  ", 1)[::-1] for line in text.splitlines() if "  " in line)
            yield from self._unlike(listed, known)

    def _unlike(
        self, listed: Sequence[archive.Member], known: Mapping[str, str]
    ) -> Iterator[Finding]:
        names = {member.name for member in listed}
        wrong = [
            Finding(member.name, "its hash is not the one in SHA256SUMS")
            for member in listed
            if known.get(member.name) != member.sha256
        ]
        wrong += [Finding(name, "it is not in the bundle") for name in known if name not in names]
        yield from wrong or [Finding(SUMS, "it is not as Midwatch writes it")]

    def of_manifest(self) -> Iterator[Finding]:
        """What the manifest says of the journal."""
        fields = self.manifest()
        wanted = (self.whole[0].run_id, len(self.whole), self.whole[-1].hash or "")
        said = tuple(fields.get(name) for name in ("run_id", "events", "head"))
        if fields.get("version") != VERSION:
            yield Finding(MANIFEST, f"this Midwatch knows version {VERSION} of bundles alone")
        elif said != wanted:
            yield Finding(MANIFEST, "it names another run, number of events or head")

    def manifest(self) -> Mapping[str, Any]:
        """The manifest's fields; none where it cannot be read."""
        try:
            fields = json.loads(self.found[MANIFEST].data)
        except ValueError:
            return {}
        return fields if isinstance(fields, dict) else {}

    def of_plan(self) -> Iterator[Finding]:
        """The plan and the runbook against the journal's first event."""
        plan = json.loads(self.whole[0].text)["payload"].get("plan")
        if not isinstance(plan, dict):
            yield Finding("event 0", "it is no plan")
            return
        if self.found[PLAN].data.decode("utf-8", "replace") != plan_text(self.whole[0]):
            yield Finding(PLAN, "it is not the plan of the journal's first event")
        runbook = self.found.get(RUNBOOK)
        if runbook is None:
            if RUNBOOK not in self.manifest().get("left_out", {}):
                yield Finding(RUNBOOK, "it is not in the bundle")
        elif RUNBOOK not in self.masked() and runbook.sha256 != plan.get("runbook_digest"):
            yield Finding(RUNBOOK, "it is not the text that the plan was made of")

    def masked(self) -> Sequence[str]:
        """Files a secret was taken out of."""
        found = self.manifest().get("masked")
        return [str(name) for name in found] if isinstance(found, list) else []

    def of_outputs(self) -> Iterator[Finding]:
        """What steps printed against the hashes in the journal."""
        wanted = {OUTPUT.format(of.name): of for of in printed(self.whole) if of.ended}
        left_out = self.manifest().get("left_out", {})
        for name, attempt in wanted.items():
            member = self.found.get(name)
            if member is None:
                if attempt.size and name not in left_out:
                    yield Finding(name, "it is not in the bundle")
            elif name not in self.masked() and member.sha256 != attempt.sha256:
                yield Finding(name, "it is not what the journal says the step printed")
        known = {*FIRST, RUNBOOK, TRANSCRIPT, SUMS, *wanted}
        for name in self.found:
            if name not in known:
                yield Finding(name, "the journal knows nothing of it")

    def notes(self) -> Iterator[str]:
        """What is honest to say beside the verdict."""
        early = chain.unchained(self.whole)
        if 0 < early < len(self.whole):
            yield f"Events 0 to {early - 1} are older than the chain: event {early} covers them."
        left_out = self.manifest().get("left_out")
        for name, why in left_out.items() if isinstance(left_out, dict) else ():
            yield f"{name} is left out: {why}."
        for name in self.masked():
            yield f"{name} was masked afterwards: only SHA256SUMS and the seal cover it."


@dataclasses.dataclass(frozen=True, slots=True)
class Printed:
    """A step, a shell or a trap, and what the journal says it printed."""

    name: str
    """What its files are called, without an ending."""
    ended: bool
    size: int = 0
    sha256: str = ""


def printed(lines: Sequence[chain.Line]) -> Iterator[Printed]:
    """Everything that printed, as far as the journal knows of it."""
    found: dict[str, Printed] = {}
    for line in lines:
        fields = json.loads(line.text)
        of = fields["payload"]
        match fields["kind"]:
            case "step-started" | "step-finished":
                name = STEP.format(of["step"] + 1, of["attempt"])
            case "shell-opened" | "shell-closed":
                name = SHELL.format(of["step"] + 1, of["number"])
            case "exit-trap-started" | "exit-trap-finished":
                name = EXIT_TRAP.format(of["attempt"])
            case _:
                continue
        ended = "sha256" in of
        size, digest = (of["size"], of["sha256"]) if ended else (0, "")
        found[name] = Printed(name, ended, size, digest)
    yield from found.values()
