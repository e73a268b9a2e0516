"""What a drill came to, from the record: lists, summaries, journals and pictures."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from midwatch.app import drill_lab
from midwatch.base import errors
from midwatch.db import place
from midwatch.drills import (
    chaos_toolkit,
    comparison,
    drawing,
    model,
    overview,
    picture,
    store,
    stretches,
)
from midwatch.plugs.drills import pictures

VERSION = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """The files that were written, and which of them a person wants to know of."""

    files: tuple[Path, ...]
    shown: tuple[tuple[str, Path], ...]
    note: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A drill on record, and its results."""

    drill: store.Drill
    results: tuple[model.Result, ...]


def drills(limit: int) -> list[tuple[store.Drill, int, int]]:
    """The latest drills, with how many rehearsals were judged and how many healed."""
    records = store.Store(place.state_folder())
    return [(each, *records.counts(each.drill_id)) for each in records.drills(limit)]


def results(name: str) -> Found:
    """One drill with the results of its rehearsals."""
    records = store.Store(place.state_folder())
    drill = records.drill(name)
    kept = records.rehearsals(drill.drill_id)
    return Found(drill, tuple(each.result for each in kept if each.judged))


def summary(drill: store.Drill, found: Sequence[model.Result]) -> dict[str, object]:
    """The figures of a drill, for programs."""
    return {
        "version": VERSION,
        "seed": drill.seed,
        "seeds": drill.seeds,
        "arms": [dataclasses.asdict(each) for each in comparison.rows(found)],
        "gains": [dataclasses.asdict(each) for each in comparison.gains(found, drill.seed)],
    }


def left_behind() -> list[tuple[store.Drill, model.Fault]]:
    """Faults of killed drills that nobody has taken out yet."""
    return [
        (drill, kept.rehearsal.fault)
        for drill, kept in drill_lab.left()
        if not drill_lab.is_held(Path(drill.faults))
    ]


def check_place(folder: Path | None) -> None:
    """Before anything is broken: whether results can be written where they are wanted."""
    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.UserError(f"The folder {folder} cannot be made: {reason}.") from error
    if not os.access(folder, os.W_OK):
        raise errors.UserError(f"Nothing can be written into {folder}.", "Take another --output.")


def write(drill: store.Drill, folder: Path) -> Written:
    """Everything of a drill as files: figures, journals, pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = store.Store(place.state_folder()).rehearsals(drill.drill_id)
    files = [*_figures(drill, kept, folder), *_journals(kept, folder)]
    drawn = list(_pictures(drill, kept, folder))
    shown = [("results", files[0])] + ([("picture", drawn[0])] if drawn else [])
    with_png = pictures.can()
    if drawn and with_png:
        shown.append(("", drawn[1]))
    note = "" if with_png else f"For PNG as well: pip install '{pictures.EXTRA}'"
    return Written((*files, *drawn), tuple(shown), note)


def _figures(drill: store.Drill, kept: Sequence[store.Kept], folder: Path) -> Iterator[Path]:
    found = [each.result for each in kept]
    rehearsals = [
        {
            **dataclasses.asdict(each.result),
            "began_at": each.began.isoformat(),
            "bad_seconds": stretches.bad_seconds(each.looks),
            "events": [dataclasses.asdict(event) for event in each.events],
        }
        for each in kept
    ]
    fields = {
        "drill_id": drill.drill_id,
        "faults": drill.faults,
        "target": drill.target,
        **summary(drill, found),
        "rehearsals": rehearsals,
    }
    yield _put(folder / "results.json", _json(fields))


def _journals(kept: Sequence[store.Kept], folder: Path) -> Iterator[Path]:
    for each in kept:
        made = chaos_toolkit.journal(each, os.uname().nodename)
        yield _put(folder / f"{_name(each)}.journal.json", _json(made))


def _pictures(drill: store.Drill, kept: Sequence[store.Kept], folder: Path) -> Iterator[Path]:
    scenes = [
        picture.Scene(each.rehearsal, each.result, each.events, each.looks)
        for each in kept
        if each.looks
    ]
    if not scenes:
        return
    title = f"Drill {drill.drill_id} on {drill.target}, {drill.started_at:%d %B %Y}"
    yield from _draw(overview.draw(title, scenes), folder / "drill")
    for scene in scenes:
        name = f"{scene.result.number:03}-{scene.result.fault}-{scene.result.arm}"
        yield from _draw(picture.draw(scene), folder / name)


def _draw(drawn: drawing.Drawing, path: Path) -> Iterator[Path]:
    yield _put(path.with_name(path.name + ".svg"), drawing.svg(drawn))
    if pictures.can():
        target = path.with_name(path.name + ".png")
        target.write_bytes(pictures.render(drawn))
        yield target


def _name(kept: store.Kept) -> str:
    each = kept.rehearsal
    return f"{each.number:03}-{each.fault.id}-{each.arm}"


def _json(fields: dict[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=False, indent=1) + "\n"


def _put(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path
