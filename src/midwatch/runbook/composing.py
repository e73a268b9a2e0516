"""A procedure's placed passages, and what was read of its commands, into the procedure."""

from __future__ import annotations

import bisect
import dataclasses
from collections.abc import Mapping, Sequence

from midwatch.commands import model as commands
from midwatch.runbook import (
    blocks,
    commandlines,
    drafts,
    expectations,
    inline,
    jobs,
    leads,
    locating,
    model,
    passages,
    placing,
    procedures,
    prose,
    queries,
    tables,
    vocabulary,
    weaving,
)

Readings = Mapping[int, commands.Reading]
"""What the shell reader made of each excerpt, by the identity of the excerpt."""


@dataclasses.dataclass(slots=True, eq=False)
class Composed:
    """A procedure's steps and facts, while the document is put together."""

    outline: procedures.Outline
    placed: list[placing.Placed]
    steps: list[drafts.Draft] = dataclasses.field(default_factory=list)
    decisions: list[model.Decision] = dataclasses.field(default_factory=list)
    cautions: list[str] = dataclasses.field(default_factory=list)
    roles: dict[int, str] = dataclasses.field(default_factory=dict)
    """What became of each block, by its line, where that is not what it seemed."""
    session: str | None = None
    option: str | None = None
    section: str = ""
    notes: list[model.Note] = dataclasses.field(default_factory=list)
    severity: str | None = None
    waiting: list[str] = dataclasses.field(default_factory=list)
    """Cautions for the step that comes next."""

    def compose(
        self, told: Sequence[prose.Told], known: Mapping[int, blocks.Prepared], read: Readings
    ) -> None:
        """Go through the passages in order."""
        self.severity = _value(self.placed, vocabulary.Role.SEVERITY)
        for index, placed in enumerate(self.placed):
            if placed.section != self.section:
                self.section, self.session = placed.section, None
            if placed.passage.shape is passages.Shape.BLOCK:
                self._block(placed, known[id(placed.passage)], read)
            elif placed.passage.shape is passages.Shape.PARAGRAPH:
                self._paragraph(placed, told[index], read)

    def _paragraph(self, placed: placing.Placed, told: prose.Told, read: Readings) -> None:
        text = placed.passage.text
        if leads.is_admonition(text) and not placed.passage.head:
            caution = inline.plain(text)
            self.cautions.append(caution)
            self.waiting.append(caution)
            return
        expected = expectations.said(placed)
        if expected is not None and self.steps:
            self.steps[-1].expected.append(expected)
        for each in told.steps:
            if isinstance(each, prose.Command):
                self._take(self._inline(each, read))
            elif expected is None:
                self._take([each])
        self.decisions.extend(told.decisions)
        self.cautions.extend(told.cautions)
        self.waiting.extend(told.cautions)

    def _block(self, placed: placing.Placed, block: blocks.Prepared, read: Readings) -> None:
        if block.role == "output" or self._is_shown(placed, block):
            self.roles[placed.passage.line] = "output"
            if self.steps and placed.passage.text.strip():
                seen = model.Expectation(placed.passage.line + 1, placed.passage.text)
                self.steps[-1].expected.append(seen)
            return
        self._take(self._made(placed, block, read))

    def _is_shown(self, placed: placing.Placed, block: blocks.Prepared) -> bool:
        """Whether a block of what may be commands is introduced as output."""
        if not self.steps or block.role not in {"steps", "example", "manifest"} or block.outputs:
            return False
        first = next((line for line in block.typed.lines() if line.strip()), "")
        return expectations.shows(placed) and not commandlines.sure(first)

    def _made(
        self, placed: placing.Placed, block: blocks.Prepared, read: Readings
    ) -> list[drafts.Draft]:
        match block.role, block.language:
            case "script" | "manifest", _:
                return [self._script(placed, block, read)]
            case "steps", "bash":
                return self._shell(placed, block, read)
            case "steps", "sql":
                return queries.sql(block, placed)
            case "steps", "http":
                return queries.request(block, placed)
            case "query", _:
                return queries.promql(block, placed)
        return []

    def _shell(
        self, placed: placing.Placed, block: blocks.Prepared, read: Readings
    ) -> list[drafts.Draft]:
        reading = read[id(block.typed)]
        if placed.option != self.option:
            self.session, self.option = None, placed.option
        weaver = weaving.Weaver(block, placed, read, session=self.session)
        made = weaver.weave(jobs.joined(reading))
        self.session = weaver.session
        for output in (*block.outputs, *block.dropped):
            before = [step for step in made if step.excerpt.line < output.line]
            if before and before[-1].kind is not model.Kind.MANUAL:
                before[-1].expected.append(model.Expectation(output.line, output.text))
        if reading.problem is not None:
            line = block.typed.place(reading.problem.span.start).line
            message = f"this does not read as shell: {reading.problem.message}"
            self.notes.append(model.Note(line, message))
            made.extend(self._unclear(placed, block, reading, made))
        return made

    def _unclear(
        self,
        placed: placing.Placed,
        block: blocks.Prepared,
        reading: commands.Reading,
        made: list[drafts.Draft],
    ) -> list[drafts.Draft]:
        """The block itself as one step for a person, where nothing in it could be read."""
        if made or not block.typed.text.strip():
            return []
        draft = drafts.manual(block.typed, placed.title, placed.phase)
        draft.kind, draft.language = model.Kind.SHELL, "bash"
        problem = reading.problem
        draft.unclear = problem.message if problem else None
        draft.why = "this does not read as shell"
        draft.fence_line = placed.passage.line
        return [draft]

    def _script(
        self, placed: placing.Placed, block: blocks.Prepared, read: Readings
    ) -> drafts.Draft:
        draft = queries.whole(block, placed)
        reading = read.get(id(block.typed))
        if reading is not None:
            found = [command for each in reading.statements for command in each.commands]
            draft.commands = locating.commands(block.typed, tuple(found))
            draft.effect = commands.worst(each.effect for each in reading.statements)
            draft.traits = frozenset().union(*(each.traits for each in reading.statements))
            worst = [each for each in reading.statements if each.effect is draft.effect]
            draft.why = worst[0].why if worst else draft.why
            if reading.problem is not None:
                draft.unclear = reading.problem.message
                draft.effect = commands.worst([draft.effect, commands.Effect.UNKNOWN])
            draft.sets = frozenset()
            sets: set[str] = set()
            uses: set[str] = set()
            for statement in reading.statements:
                uses |= statement.uses - sets
                sets |= statement.sets
            draft.uses = frozenset(uses)
        return draft

    def _inline(self, command: prose.Command, read: Readings) -> list[drafts.Draft]:
        """The statements of a command that stands in the text."""
        reading = read[id(command.excerpt)]
        if reading.problem is not None or not reading.statements:
            return []
        passage = dataclasses.replace(command.placed.passage, line=0, shape=passages.Shape.BLOCK)
        placed = dataclasses.replace(
            command.placed, passage=passage, title=command.title, condition=command.condition
        )
        block = blocks.Prepared(passage, "", "bash", "steps", command.excerpt)
        return weaving.Weaver(block, placed, read, session=self.session).weave(jobs.joined(reading))

    def _take(self, made: Sequence[drafts.Draft]) -> None:
        if made and self.waiting:
            made[0].cautions = [*self.waiting, *made[0].cautions]
        if made:
            self.waiting = []
        self.steps.extend(made)

    def procedure(self, end_line: int) -> model.Procedure:
        """The procedure, once its steps have their inputs."""
        section = self.outline.section
        return model.Procedure(
            id=section.anchor,
            title=section.title,
            line=section.line,
            level=section.level,
            heading_path=section.path or (section.title,),
            steps=tuple(step.freeze() for step in self.steps),
            severity=self.severity,
            recovery_target=_value(self.placed, vocabulary.Role.RECOVERY),
            symptoms=tuple(_symptoms(self.placed)),
            cautions=tuple(self.cautions),
            decisions=tuple(self.decisions),
            see=tuple(dict.fromkeys(_links(self.placed))),
            end_line=end_line,
        )


class Finder:
    """Finds the procedure that a line of the document stands in."""

    def __init__(self, composed: Sequence[Composed]) -> None:
        rows = [(each.outline.section.line, each) for each in composed]
        for each in composed:
            rows.extend((part.line, each) for part in each.outline.parts[1:])
        rows.sort(key=lambda row: row[0])
        self._lines = [line for line, _ in rows]
        self._found = [each for _, each in rows]

    def find(self, line: int) -> Composed | None:
        """The procedure whose section holds the line."""
        at = bisect.bisect_right(self._lines, line) - 1
        return self._found[at] if at >= 0 else None


def _value(placed: Sequence[placing.Placed], role: vocabulary.Role) -> str | None:
    """The first thing a lead-in of that role says of itself."""
    for index, each in enumerate(placed):
        if each.lead is None or each.lead.role is not role:
            continue
        rest = inline.plain(each.lead.rest)
        if not rest and index + 1 < len(placed):
            rest = inline.plain(placed[index + 1].passage.text)
        if rest and (role is not vocabulary.Role.RECOVERY or _timed(rest)):
            return rest
    for each in placed:
        for name, value in tables.pairs(each.passage):
            if vocabulary.role(name) is role and (
                role is not vocabulary.Role.RECOVERY or _timed(value)
            ):
                return value
        told = role is vocabulary.Role.SEVERITY and each.role is role and each.lead is None
        if told and each.passage.shape is passages.Shape.PARAGRAPH:
            return inline.plain(each.passage.text)
    return None


def _timed(text: str) -> bool:
    return any(character.isdigit() for character in text) or "depend" in text.lower()


def _symptoms(placed: Sequence[placing.Placed]) -> list[str]:
    found = []
    for each in placed:
        if each.passage.shape is not passages.Shape.PARAGRAPH:
            continue
        lead = each.lead
        if lead is not None and lead.role is vocabulary.Role.SYMPTOMS and not each.passage.items:
            found.extend([inline.plain(lead.rest)] if lead.rest else [])
        elif each.role is vocabulary.Role.SYMPTOMS and _own_role(lead) is None:
            found.append(inline.plain(each.passage.text))
    return [text for text in found if text]


def _own_role(lead: leads.Lead | None) -> vocabulary.Role | None:
    """The role that a passage gives itself, other than that of its list."""
    return lead.role if lead and lead.role is not vocabulary.Role.SYMPTOMS else None


def _links(placed: Sequence[placing.Placed]) -> list[str]:
    texts = (each.passage.text for each in placed if each.passage.shape is passages.Shape.PARAGRAPH)
    return [link.href or link.name for text in texts for link in inline.links(text)]
