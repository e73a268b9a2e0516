"""A block of shell into steps: one a statement, with what its comments say of it."""

from __future__ import annotations

import bisect
import dataclasses
import itertools
from collections.abc import Mapping

from midwatch.base import lazy
from midwatch.commands import model as commands
from midwatch.runbook import (
    blocks,
    commandlines,
    comments,
    conditions,
    contexts,
    drafts,
    languages,
    locating,
    model,
    openers,
    phasing,
    placing,
    remarks,
    timeline,
    vocabulary,
)

VARIABLE = lazy.pattern(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
MOST_OPTIONS = 20
"""More alternatives than this are no choice that anybody could read."""


@dataclasses.dataclass(slots=True, eq=False)
class _Group:
    """Steps under one comment."""

    title: str
    steps: list[drafts.Draft]
    contiguous: list[drafts.Draft]
    """The last of them that no blank line or comment parts."""


@dataclasses.dataclass(slots=True, eq=False)
class Weaver:
    """Puts the steps of one block together; where the reader is may last from block to block."""

    block: blocks.Prepared
    placed: placing.Placed
    readings: Mapping[int, commands.Reading] = dataclasses.field(default_factory=dict)
    """What was read of the commands behind comment marks."""
    steps: list[drafts.Draft] = dataclasses.field(default_factory=list)
    groups: list[_Group] = dataclasses.field(default_factory=list)
    title: str = ""
    condition: str | None = None
    cautions: list[str] = dataclasses.field(default_factory=list)
    place: str | None = None
    """Where a comment moved the reader."""
    session: str | None = None
    """Where a command took the reader."""
    opened: bool = False
    """Whether a command of this block opened a session."""
    client: bool = False
    """Whether that is a database's console, where no shell command is typed."""
    choice: str | None = None
    option: str | None = None
    tight: bool = False
    """Whether the alternative stands without a blank line, and so ends at one."""
    fixed: bool = False
    """Whether the alternatives are numbered, so that only the next number ends one."""
    follows: bool = False
    """Whether the session lasts from the block before."""

    def weave(self, reading: commands.Reading) -> list[drafts.Draft]:
        """The steps of the block, in order."""
        placeholders = reading.placeholders
        self.follows = self.session is not None
        for event in timeline.build(self.block, reading):
            if isinstance(event, timeline.Remarks):
                self._remarks(event)
            else:
                self._statement(event, placeholders)
        return self.steps

    def _statement(
        self, event: timeline.Typed, placeholders: tuple[commands.Placeholder, ...]
    ) -> None:
        statement = event.statement
        if event.blank and self.groups and self.groups[-1].steps:
            self._part()
        if openers.closes(statement.text):
            self.session = None
        draft = self._draft(statement, event.aside)
        draft.placeholders = _within(placeholders, statement.span)
        if self.choice is not None and self.option is None:
            self.option = draft.option = _named(draft)
        self._add(draft)
        if openers.opens(statement.text):
            self.session, self.follows = openers.name(statement.text), False
            self.client = openers.is_client(statement.text)
            self.opened = True

    def _part(self) -> None:
        """A blank line: what was contiguous is so no more, a tight alternative ends."""
        self.groups[-1].contiguous = []
        if self.tight and not self.fixed:
            self.choice = self.option = None
        if not self.follows and self.place is None:
            self.session = None

    def _draft(self, statement: commands.Statement, aside: str) -> drafts.Draft:
        span = statement.span
        excerpt = self.block.typed.part(span.start, span.end)
        there = contexts.read(aside)
        said = "" if there else comments.unnumbered(aside)
        title = self.title or said or self.placed.title
        asked = conditions.read(self.title) if self.title else None
        told = asked or (conditions.read(aside) if aside else None)
        draft = drafts.Draft(
            excerpt,
            placing.brief(title),
            phasing.refine(self.placed.phase, title),
            _kind(statement),
            "bash",
            statement.effect,
            statement.traits,
            statement.why,
            choice=self.choice or self.placed.choice,
            option=self.option or self.placed.option,
            condition=told.condition if told else self.placed.condition,
            context=self.place or self._inside(statement.text) or there or self.placed.context,
            commands=locating.commands(self.block.typed, statement.commands),
            sets=statement.sets,
            uses=statement.uses,
            captures=statement.captures,
            reveals=statement.reveals,
            fence_line=self.placed.passage.line,
            file_name=None,
        )
        draft.cautions.extend(self.cautions)
        self.cautions = []
        if aside and comments.EXPECTED.match(aside):
            seen = comments.expectation(aside)
            exact = comments.is_output(aside)
            draft.expected.append(model.Expectation(excerpt.end_line, seen, exact))
        if VARIABLE.fullmatch(statement.text):
            draft.unclear = "this names a variable; it is no command"
        if draft.context and languages.SQL.match(statement.text):
            draft.kind, draft.language = model.Kind.SQL, "sql"
        return draft

    def _inside(self, text: str) -> str | None:
        """The session the statement is typed in, if one is open and it is not for outside."""
        first = text.split(None, 1)[0] if text.strip() else ""
        outside = first in openers.OUTSIDE or (self.client and commandlines.sure(text))
        if outside:
            self.session = None
        return self.session

    def _add(self, draft: drafts.Draft) -> None:
        self.steps.append(draft)
        if not self.groups:
            self.groups.append(_Group("", [], []))
        self.groups[-1].steps.append(draft)
        self.groups[-1].contiguous.append(draft)

    def _remarks(self, run: timeline.Remarks) -> None:
        if run.blank and self.groups and self.groups[-1].steps:
            self._part()
        self._leave(run)
        inside = self.place is not None or bool(
            self.steps and openers.opens(self.steps[-1].excerpt.text)
        )
        entries = timeline.entries(run, inside=inside)
        expecting: list[str] | None = None
        for index, entry in enumerate(entries):
            last = run.followed and index == len(entries) - 1
            meaning = entry[0].meaning
            if expecting is not None and not last and meaning is not comments.Meaning.COMMAND:
                expecting.extend(remark.raw.strip() for remark in entry)
                self._expect(expecting)
                continue
            expecting = self._entry(entry, run, last=last, details=entries[index + 1 :])
            if meaning is comments.Meaning.PLACE:
                rest = [remark for each in entries[index + 1 :] for remark in each]
                self._commented(rest)
                return

    def _leave(self, run: timeline.Remarks) -> None:
        """After a blank line a comment in words ends the stay that a comment began."""
        if not run.blank or self.place is None or self._moved_by_opener():
            return
        first = timeline.entries(run, inside=True)[0][0].meaning
        if first not in {comments.Meaning.COMMAND, comments.Meaning.PLACE}:
            self.place = None

    def _commented(self, rest: list[comments.Remark]) -> None:
        """Commands behind comment marks, to be carried out in another place."""
        for remark in rest:
            again = comments.read(remark.line, remark.raw, inside=True, start=remark.start)
            if again.meaning is comments.Meaning.COMMAND:
                self._outside(again)
            elif again.meaning is comments.Meaning.TITLE:
                self._title(again.text)

    def _entry(
        self,
        entry: list[comments.Remark],
        run: timeline.Remarks,
        *,
        last: bool,
        details: list[list[comments.Remark]],
    ) -> list[str] | None:
        """Take in one entry; the list to go on filling where it tells what will be seen."""
        text = " ".join(remark.text for remark in entry).strip()
        match entry[0].meaning:
            case comments.Meaning.OR | comments.Meaning.OPTION:
                self._either(entry[0], text, tight=not run.blank)
            case comments.Meaning.PLACE:
                self.place = contexts.read(text)
            case comments.Meaning.HOME:
                self.place = self.session = None
                self._title(text)
            case comments.Meaning.EXPECTED if self.steps:
                whole = " ".join(remark.raw.strip() for remark in entry)
                found, exact = comments.expectation(whole), comments.is_output(whole)
                self.steps[-1].expected.append(model.Expectation(entry[0].line, found, exact))
                return [found]
            case comments.Meaning.COMMAND if not last and self._moved():
                self._outside(entry[0])
            case comments.Meaning.CAUTION if not last:
                self.cautions.append(text)
            case comments.Meaning.TITLE | comments.Meaning.EXPECTED | comments.Meaning.CAUTION:
                self._spoken(entry, text, last=last, details=details)
            case _ if last and entry[0].meaning is not comments.Meaning.NOTHING:
                self._title(text)
        return None

    def _spoken(
        self,
        entry: list[comments.Remark],
        text: str,
        *,
        last: bool,
        details: list[list[comments.Remark]],
    ) -> None:
        """A comment in words: the title of what follows, or something for a person to do."""
        if last:
            self._title(text)
            if entry[0].meaning is comments.Meaning.CAUTION:
                self.cautions.append(text)
            return
        if not vocabulary.imperative(text):
            return
        lines = list(entry)
        for following in details:
            if following[0].meaning is not comments.Meaning.DETAIL:
                break
            lines.extend(following)
        self._title(text)
        draft = remarks.instruction(self.block, self.placed, lines, text)
        draft.choice = self.choice or self.placed.choice
        draft.option = self.option or self.placed.option
        draft.context = self.place
        self._add(draft)
        self.title = ""

    def _outside(self, remark: comments.Remark) -> None:
        """Take in a command behind a comment mark, for a person to type in another place."""
        title = self.title or self.placed.title
        draft = remarks.command(self.block, self.placed, remark, self.readings)
        draft.title = placing.brief(title)
        last = self.steps[-1].excerpt.text if self.steps else ""
        draft.context = self.place or (openers.name(last) if last else "in another place")
        self._add(draft)

    def _moved(self) -> bool:
        return self.place is not None or bool(
            self.steps and openers.opens(self.steps[-1].excerpt.text)
        )

    def _expect(self, lines: list[str]) -> None:
        """Lengthen the last expectation by what the following comment lines show."""
        last = self.steps[-1].expected[-1]
        lines = [line for line in lines if not comments.EXPECTED.fullmatch(line)]
        self.steps[-1].expected[-1] = dataclasses.replace(last, text="\n".join(lines))

    def _title(self, text: str) -> None:
        if not self.fixed:
            self.choice = self.option = None
        if self.place is not None and self.session is None and not self._moved_by_opener():
            self.place = None
        self.title = text
        self.groups.append(_Group(text, [], []))

    def _moved_by_opener(self) -> bool:
        return self.opened

    def _either(self, remark: comments.Remark, text: str, *, tight: bool) -> None:
        """What follows is another way to do what stands before."""
        name = comments.option(text)
        options: list[tuple[str, list[drafts.Draft]]] = []
        if remark.meaning is comments.Meaning.OR:
            options = self._before(tight=tight)
            if not options:
                self._title(name)
                return
        self.choice = self._open(options, remark)
        self.option, self.tight = name, tight
        self.fixed = remark.meaning is comments.Meaning.OPTION
        self.title = name if name.lower() not in {"or", "alternatively"} else self.title
        if name.lower() in {"or", "alternatively"}:
            self.option = None
        self.groups.append(_Group(self.title, [], []))

    def _before(self, *, tight: bool) -> list[tuple[str, list[drafts.Draft]]]:
        """The steps that the alternative replaces, by the option they make."""
        groups = (group for group in reversed(self.groups) if group.steps)
        near = next(groups, None)
        if near is None:
            return []
        if tight and near.contiguous:
            return [(_named(near.contiguous[0]), near.contiguous)]
        found = [(near.title or near.steps[0].title, near.steps)]
        word = near.title.split(None, 1)[0].lower() if near.title else ""
        for group in itertools.islice(groups, MOST_OPTIONS):
            if not word or not group.title.lower().startswith(f"{word} "):
                break
            found.insert(0, (group.title, group.steps))
        return found

    def _open(self, options: list[tuple[str, list[drafts.Draft]]], remark: comments.Remark) -> str:
        """The choice that these options and what follows belong to."""
        given = [step.choice for _, steps in options for step in steps if step.choice]
        if remark.meaning is comments.Meaning.OPTION and self.choice is not None:
            return self.choice
        first = options[0][1][0].excerpt.line if options else remark.line
        choice = given[-1] if given and given[-1] != self.placed.choice else str(first)
        for name, steps in options:
            for step in steps:
                if step.choice is None or step.choice == self.placed.choice:
                    step.choice, step.option = choice, placing.brief(name)
        return choice


def _within(
    placeholders: tuple[commands.Placeholder, ...], span: commands.Span
) -> tuple[commands.Placeholder, ...]:
    """The placeholders of a statement, from its beginning on."""
    first = bisect.bisect_left(placeholders, span.start, key=lambda each: each.span.start)
    found = []
    for index in range(first, len(placeholders)):
        each = placeholders[index]
        if each.span.start >= span.end:
            break
        moved = commands.Span(each.span.start - span.start, each.span.end - span.start)
        found.append(dataclasses.replace(each, span=moved))
    return tuple(found)


def _named(draft: drafts.Draft) -> str:
    """The name of an option that has none: its first command."""
    return placing.brief(" ".join(draft.excerpt.text.split()))


def _kind(statement: commands.Statement) -> model.Kind:
    words = statement.text.split()
    if words[:1] == ["sleep"] and len(statement.commands) <= 1:
        return model.Kind.WAIT
    return model.Kind.SHELL
