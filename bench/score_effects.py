"""Scores what Midwatch says of commands against hand-made labels.

Usage: score_effects.py [INVENTORY.json]     (default: ../shared/seeds/inventory.json)

Prints a confusion table, the rates that issue 4 asks for, and every disagreement. Labels that we
believe to be wrong stand with their reason in tests/cases/commands/label_exceptions.toml; scripts
that only a document can explain count apart. Exits 1 when a change is called read.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from midwatch.commands import model, reading
from midwatch.commands.embedded import sql

ROOT = Path(__file__).parent.parent
INVENTORY = ROOT.parent / "shared" / "seeds" / "inventory.json"
EXCEPTIONS = ROOT / "tests" / "cases" / "commands" / "label_exceptions.toml"
LABELS = {
    "none": model.Effect.READ,
    "read-only": model.Effect.READ,
    "local-write": model.Effect.CHANGE,
    "mutating": model.Effect.CHANGE,
    "destructive": model.Effect.DESTROY,
    "unbounded-interactive": model.Effect.UNKNOWN,
}
SQL = frozenset({"sql", "commented-sql"})
OTHER_ROOMS = frozenset({"promql", "yaml"})
BY_NAME = frozenset({"opaque-script", "script-defined-in-doc"})
ORDER = list(model.RANK)


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """One labelled command and what Midwatch says of it."""

    id: str
    text: str
    wanted: model.Effect
    got: model.Effect
    why: str
    by_name: bool
    exception: str


def main(arguments: Sequence[str]) -> int:
    """Score one inventory and print what came out."""
    inventory = Path(arguments[0]) if arguments else INVENTORY
    cases = judged(json.loads(inventory.read_text(encoding="utf-8"))["records"])
    plain = [case for case in cases if not case.by_name and not case.exception]
    show_table(plain)
    show_rates(plain)
    for title, chosen in (
        ("Disagreements", plain),
        (
            "Scripts judged by their name only (they may stay unknown)",
            [c for c in cases if c.by_name],
        ),
        ("Labels believed wrong", [c for c in cases if c.exception]),
    ):
        show_differences(title, chosen)
    return 1 if any(called_read(case) for case in plain) else 0


def judged(records: Sequence[dict[str, object]]) -> list[Case]:
    """Every labelled record with Midwatch's own judgement."""
    known = [
        record
        for record in records
        if record["effect"] in LABELS and record["language"] not in OTHER_ROOMS
    ]
    reasons = exceptions()
    shell = [record for record in known if record["language"] not in SQL]
    readings = dict(
        zip(
            (str(record["id"]) for record in shell),
            reading.read_many([str(record["text"]) for record in shell]),
            strict=True,
        )
    )
    return [case_of(record, readings.get(str(record["id"])), reasons) for record in known]


def case_of(record: dict[str, object], read: model.Reading | None, reasons: dict[str, str]) -> Case:
    """One record as a case; SQL blocks are judged as SQL."""
    if read is None:
        verdict = sql.verdict(str(record["text"]))
        effect, why = verdict.effect, verdict.why
    else:
        effect = model.worst(statement.effect for statement in read.statements)
        why = next((each.why for each in read.statements if each.effect is effect), "")
    flags = record["flags"]
    return Case(
        id=str(record["id"]),
        text=str(record["text"]),
        wanted=LABELS[str(record["effect"])],
        got=effect,
        why=why,
        by_name=isinstance(flags, list) and bool(BY_NAME & set(flags)),
        exception=reasons.get(str(record["id"]), ""),
    )


def exceptions() -> dict[str, str]:
    """Labels believed to be wrong, by record, each with its reason."""
    if not EXCEPTIONS.is_file():
        return {}
    table = tomllib.loads(EXCEPTIONS.read_text(encoding="utf-8"))
    return {each["id"]: each["reason"] for each in table["exception"]}


def called_read(case: Case) -> bool:
    """The worst mistake: something that changes is called read."""
    return case.got is model.Effect.READ and case.wanted is not model.Effect.READ


def show_table(cases: Sequence[Case]) -> None:
    """The confusion table: labels down, judgements across."""
    counts = Counter((case.wanted, case.got) for case in cases)
    print(f"{'label':>10} |" + "".join(f"{effect:>9}" for effect in ORDER))
    for wanted in ORDER:
        row = "".join(f"{counts[wanted, got]:>9}" for got in ORDER)
        print(f"{wanted:>10} |{row}")


def show_rates(cases: Sequence[Case]) -> None:
    """The figures that issue 4 asks for."""
    reads = [case for case in cases if case.wanted is model.Effect.READ]
    destroys = [case for case in cases if case.wanted is model.Effect.DESTROY]
    recognised = sum(case.got is model.Effect.READ for case in reads)
    destroyed = sum(case.got is model.Effect.DESTROY for case in destroys)
    lasting = sum(model.RANK[case.got] >= model.RANK[model.Effect.CHANGE] for case in destroys)
    print(f"\n{len(cases)} commands")
    print(f"a change called read:       {sum(called_read(case) for case in cases)} (must be 0)")
    print(f"reads recognised:           {rate(recognised, len(reads))} of {len(reads)}")
    print(f"false alarms:               {rate(len(reads) - recognised, len(reads))} (at most 5 %)")
    whole = len(destroys)
    print(f"destroy called destroy:     {destroyed}/{whole} = {rate(destroyed, whole)}")
    print(f"destroy at least change:    {lasting}/{whole} = {rate(lasting, whole)}")


def rate(part: int, whole: int) -> str:
    """A share in per cent."""
    return f"{100 * part / whole:.1f} %" if whole else "none"


def show_differences(title: str, cases: Sequence[Case]) -> None:
    """Every case where label and judgement differ."""
    different = [case for case in cases if case.wanted is not case.got]
    print(f"\n{title}: {len(different)}")
    for case in different:
        text = " ⏎ ".join(case.text.splitlines())
        print(f"  {case.id}: {case.wanted} called {case.got}: {text[:140]}")
        print(f"      {case.exception or case.why}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
