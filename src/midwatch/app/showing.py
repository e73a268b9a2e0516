"""The use case behind `midwatch show`: paths into runbooks, quickly, and into JSON."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.app import checked_files, kept, source_files, team_knowledge
from midwatch.base import errors, lazy
from midwatch.runbook import encoding, export, model

if TYPE_CHECKING:
    from concurrent import futures
else:
    futures = lazy.module("concurrent.futures")

MANY = 24
"""From this many unread files on, several processes share the work."""
BATCH = 16
"""Files a process reads at a time: enough to share a shell parser, few enough to share out."""
File = tuple[str, bytes]


def load(paths: Iterable[Path]) -> list[model.Runbook]:
    """The runbooks at those paths, folders searched, in order."""
    named = list(paths)
    files = [
        (
            checked_files.shown(path),
            source_files.read(path) if path in named else source_files.read_any(path),
        )
        for path in checked_files.markdown_files(named)
    ]
    return compile_all(files)


def compile_all(files: Sequence[File]) -> list[model.Runbook]:
    """The runbooks in those files; what was read before comes from the cache."""
    found = {index: kept.find(*file) for index, file in enumerate(files)}
    missing = [index for index, runbook in found.items() if runbook is None]
    batches = [
        [files[index] for index in missing[at : at + BATCH]] for at in range(0, len(missing), BATCH)
    ]
    made = [runbook for batch in _read(batches, len(missing)) for runbook in batch]
    found.update(zip(missing, made, strict=True))
    return [runbook for runbook in found.values() if runbook is not None]


def _read(batches: Sequence[Sequence[File]], count: int) -> Iterable[list[model.Runbook]]:
    jobs = min(os.cpu_count() or 1, len(batches))
    if jobs <= 1 or count < MANY:
        return [read_batch(batch)[0] for batch in batches]
    with futures.ProcessPoolExecutor(jobs) as pool:
        return [
            [_decoded(file, body) for file, body in zip(batch, bodies, strict=True)]
            for batch, bodies in zip(batches, pool.map(_encoded, batches), strict=True)
        ]


def read_batch(batch: Sequence[File]) -> tuple[list[model.Runbook], list[bytes | None]]:
    """Read some files, keep what was made of them, and give it both ways."""
    runbooks = list(team_knowledge.read(batch))
    bodies = [_kept(file, runbook) for file, runbook in zip(batch, runbooks, strict=True)]
    return runbooks, bodies


def _kept(file: File, runbook: model.Runbook) -> bytes | None:
    """The runbook as bytes, kept for next time; a monster cannot be kept and is read again."""
    try:
        body = encoding.dump(runbook)
    except encoding.DamagedError:
        return None
    kept.keep(*file, body)
    return body


def _encoded(batch: Sequence[File]) -> list[bytes | None]:
    return read_batch(batch)[1]


def _decoded(file: File, body: bytes | None) -> model.Runbook:
    return next(team_knowledge.read([file])) if body is None else encoding.load(body)


def only(runbooks: Sequence[model.Runbook], procedure: str) -> list[model.Runbook]:
    """The runbooks that have that procedure, by its id or heading, and nothing else of them."""
    wanted = procedure.removeprefix("#").casefold()
    found = []
    for runbook in runbooks:
        chosen = tuple(
            each
            for each in runbook.procedures
            if each.id == wanted or each.title.casefold() == wanted
        )
        if chosen:
            found.append(_narrowed(runbook, chosen))
    if not found:
        names = [each.id for runbook in runbooks for each in runbook.procedures]
        hint = f"There are: {', '.join(names[:12])}." if names else "There are no procedures."
        raise errors.UserError(f"No procedure is called {procedure}.", hint)
    return found


def _narrowed(runbook: model.Runbook, chosen: tuple[model.Procedure, ...]) -> model.Runbook:
    """A runbook with only these procedures, and the facts that belong to them."""
    ids = {each.id for each in chosen}
    names = {each.name for one in chosen for step in one.steps for each in step.inputs}
    return model.Runbook(
        path=runbook.path,
        title=runbook.title,
        digest=runbook.digest,
        procedures=chosen,
        inputs=tuple(each for each in runbook.inputs if each.name in names),
        rules=tuple(each for each in runbook.rules if each.procedure in ids),
        schedules=tuple(each for each in runbook.schedules if each.procedure in ids),
        headings=runbook.headings,
        front_matter=runbook.front_matter,
    )


def to_json(runbooks: Sequence[model.Runbook], proofs: export.Proofs | None = None) -> str:
    """The compiled model, for programs."""
    return export.to_json(runbooks, proofs)
