"""Questions to the person at the terminal; each answer is an event."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from rich import console, text

from midwatch.app import actors
from midwatch.base import counted, errors
from midwatch.commands import model as commands
from midwatch.faces.cli import marks, run_options, run_plan
from midwatch.guards import model as guards
from midwatch.runbook import model as runbooks
from midwatch.runs import events, model, questions, shell_events, values

if TYPE_CHECKING:
    from midwatch.app import offering

HERE = "at the terminal"


SHOWN_STEPS, WAY_COLUMN = 3, 5
FAILURE = {
    "retry": "try it again",
    "skip": "leave it out and go on",
    "undo": "end here and take back what was changed, with its own preview",
    "open a shell": "look around with the run's variables and folder, then decide",
    "hand over": "leave it to somebody else, with a note",
    "abort": "end here; the run has failed",
    "quit": "leave now; the run can be resumed",
}
"""What can be done about a step that failed, and what that means."""
IN_SHELL = "A shell with the run's state. `exit` or Ctrl-D comes back here; all of it is on record."


def _is_offered(word: str, question: questions.Failure) -> bool:
    """Whether a person can answer that here."""
    if word == "open a shell":
        return question.opens
    if word == "undo" and not question.changed:
        return False
    if question.refused:
        return word in {"skip", "hand over", "abort"}
    return word != "quit"


class LeaveError(Exception):
    """The person leaves, or is gone."""

    def __init__(self, event: events.Event) -> None:
        super().__init__()
        self.event = event


class Asker:
    """Asks, and does not go on before there is an answer that means something."""

    def __init__(
        self, screen: console.Console, signals: run_options.Signals, plan: model.Plan | None = None
    ) -> None:
        self._screen = screen
        self._signals = signals
        self.plan = plan
        self._actor = actors.of(os.environ).name
        self._by = f"{self._actor}, {HERE}"

    def answer(self, question: questions.Question) -> questions.Said:
        """What they say; `Interrupted` when they leave, `Waiting` when they are gone."""
        try:
            return self._ask(question)
        except LeaveError as leave:
            if isinstance(leave.event, events.Waiting):
                return events.Waiting(question.step.index, questions.sentence(question))
            return leave.event

    def hurried(self) -> bool:
        """Whether Enter was pressed since the last time."""
        return self._signals.keyboard.pressed("\n")

    def _ask(self, question: questions.Question) -> questions.Said:  # noqa: C901  (one case for each)
        index = question.step.index
        match question:
            case questions.Approve():
                return self._approve(question)
            case questions.Choose():
                return self._choose(question)
            case questions.Condition(condition=condition, fact=fact):
                self._fact(fact)
                said = self._one_of(f"“If {condition}”: is it so?", ("yes", "no"))
                return events.ConditionAnswered(condition, said == "yes", self._by)
            case questions.Tick():
                return self._tick(question)
            case questions.Failure():
                return self._failure(question)
            case questions.Keep(words=words):
                said = self._one_of(words, ("yes", "no"))
                if said == "yes":
                    return events.Approved(index, question.step.digest, HERE)
                return events.StepSkipped(index, "a person said no")
            case questions.Expected(_, attempt, expected):
                self._say(f"The runbook expects: {expected}")
                said = self._one_of("Is it so?", ("yes", "no"))
                answer = events.Check.HOLDS if said == "yes" else events.Check.FAILS
                got = "" if said == "yes" else "something else, as a person says"
                return events.Checked(index, attempt, answer, expected, got, how=self._by)
            case questions.TakeOver(_, number, changed):
                self._say(f"In the shell you changed: {', '.join(changed)}.")
                said = self._one_of("Does the run go on with that?", ("yes", "no"))
                return shell_events.ShellCarried(index, number, carried=said == "yes", how=self._by)
            case questions.Doubt(reason=reason):
                self._say(
                    f"“{question.step.title}” started, and nobody knows how it ended: {reason}."
                )
                self._command(question.step)
                said = self._one_of("What became of it?", ("done", "repeat", "skip"))
                return events.DoubtSettled(index, events.Doubt(said), self._by)

    def _approve(self, question: questions.Approve) -> events.Event | questions.LookFirst:
        step, target = question.step, self.plan.target if self.plan else ""
        self._screen.print()
        self._say(f"{step.index + 1}. {step.title} (line {step.line}): {step.effect} on {target}")
        self._command(step)
        if self.plan is not None:
            for line in run_plan.reasons(self.plan, step):
                run_plan.put(self._screen, line)
        for look in step.look_first:
            run_plan.put(self._screen, text.Text(f"     look first: {look}", style="dim"))
        if question.manner is guards.Manner.TYPE_TARGET:
            return self._type_target(step, target, question.why)
        answers = ("yes", "look first", "skip") if step.looks else ("yes", "skip")
        said = self._one_of(f"{question.why} Run it on {target}?", answers)
        if said == "skip":
            return self._skip(step)
        if said == "look first":
            return questions.LookFirst(step)
        return events.Approved(step.index, step.digest, HERE)

    def _type_target(self, step: model.PlannedStep, target: str, why: str) -> events.Event:
        while True:
            said = self._line(f"{why} Type {target} to run it, or skip: ")
            if said == target:
                return events.Approved(step.index, step.digest, f"{HERE}, typing {target}")
            if said == "skip":
                return self._skip(step)

    def _skip(self, step: model.PlannedStep) -> events.Event:
        return events.StepSkipped(step.index, self._reason("Why is it left out? "))

    def _reason(self, words: str) -> str:
        """Why, and who says so."""
        said = self._line(words)
        return f"{said}, says {self._actor}" if said else f"no reason given by {self._actor}"

    def _choose(self, question: questions.Choose) -> events.Event:
        self._screen.print()
        self._say("The runbook gives several ways:")
        for number, option in enumerate(question.options, start=1):
            named = text.Text(f"  {number}. ", style="bold")
            ways = list(self._way(question.choice, option))
            if len(ways) == 1 and ways[0].plain.endswith(f" {option}"):
                run_plan.put(self._screen, named.append_text(ways.pop()[WAY_COLUMN:]))
            else:
                run_plan.put(self._screen, named.append(option))
            for line in ways:
                run_plan.put(self._screen, line)
        numbers = [str(number) for number in range(1, len(question.options) + 1)]
        said = self._one_of("Which one?", numbers)
        return events.Chosen(question.choice, question.options[int(said) - 1], self._by)

    def _way(self, choice: str, option: str) -> Iterator[text.Text]:
        """What that way does, as far as it fits."""
        steps = self.plan.steps if self.plan is not None else ()
        taken = [each for each in steps if (each.choice, each.option) == (choice, option)]
        for step in taken[:SHOWN_STEPS]:
            first, *more = step.text.strip().splitlines() or [""]
            line = text.Text(" " * WAY_COLUMN).append_text(marks.planned(step))
            yield line.append(f" {first}{' …' if more else ''}")
        if len(taken) > SHOWN_STEPS:
            yield text.Text(
                f"     … and {counted.of(len(taken) - SHOWN_STEPS, 'more step')}", style="dim"
            )

    def _fact(self, fact: questions.Fact | None) -> None:
        """What was seen last of what is asked about."""
        if fact is None:
            return
        self._screen.print()
        seen = f"seen at step {fact.step.index + 1}, {fact.step.title}:"
        run_plan.put(self._screen, text.Text(f"  {seen}", style="dim"))
        for line in fact.lines or ("(nothing was printed)",):
            shown = text.Text(f"     {line}", style="cyan", no_wrap=True)
            self._screen.print(shown, overflow="ellipsis", soft_wrap=False, crop=True)

    def _tick(self, question: questions.Tick) -> events.Event:
        step = question.step
        self._screen.print()
        self._say(f"{step.index + 1}. {step.title} (line {step.line})")
        if not run_plan.is_said(step):
            self._command(step)
        asked = "For you to do." if question.why == model.BY_HAND else question.why
        said = self._one_of(asked, ("done", "skip"))
        if said == "skip":
            return self._skip(step)
        return events.DoneByPerson(step.index, "")

    def _failure(self, question: questions.Failure) -> questions.Said:
        step, actor = question.step, self._actor
        if question.refused:
            self._say(f"Refused: {question.reason} {question.way}".rstrip())
        else:
            self._say(f"“{step.title}” failed: {question.reason}.")
        answers = [word for word in FAILURE if _is_offered(word, question)]
        for word in (*answers, "quit"):
            told = text.Text(f"  {word[0]}  {word:<14}", style="bold")
            looked = word == "skip" and step.effect is commands.Effect.READ
            means = "go on: it only looked" if looked else FAILURE[word]
            self._screen.print(told.append(means, style="dim"), soft_wrap=True)
        match self._one_of("What now?", answers, shown=False):
            case "open a shell":
                self._screen.print(text.Text(IN_SHELL, style="yellow"), soft_wrap=True)
                return questions.OpenShell(step)
            case "hand over":
                note = self._line("What should the next person know? ")
                return events.HandedOver(step.index, actor, note)
            case "retry":
                return events.FailureSettled(step.index, events.AfterFailure.RETRY, self._by)
            case said:
                answer = events.AfterFailure(said)
                return events.FailureSettled(step.index, answer, self._reason("Why? "))

    def agrees(self, sentence: str, words: str) -> bool:
        """Whether the person says yes to something that is no question of a run."""
        self._say(sentence)
        try:
            return self._one_of(words, ("yes", "no")) == "yes"
        except LeaveError:
            return False

    def _command(self, step: model.PlannedStep) -> None:
        for line in run_plan.command(step):
            self._screen.print(line, soft_wrap=True)

    def _say(self, words: str) -> None:
        run_plan.put(self._screen, text.Text(words, style="bold"))

    def _one_of(self, words: str, answers: Sequence[str], *, shown: bool = True) -> str:
        """One of the answers, by its word or its first letter."""
        named = ", ".join(f"[{answer[0]}]{answer[1:]}" for answer in answers)
        letters = "/".join(answer[0] for answer in answers)
        offered = f"{named}, [q]uit" if shown else f"[{letters}/q]"
        while True:
            said = self._line(f"{words} {offered}: ").lower()
            if said in {"q", "quit"}:
                raise LeaveError(events.Interrupted("a person left at a question"))
            for answer in answers:
                if said and answer.startswith(said):
                    return answer

    def _line(self, words: str, read: Callable[[str], str] = input) -> str:
        self._signals.before_asking()
        self._signals.asking = True
        try:
            self._screen.file.flush()
            return read(words).strip()
        except EOFError as error:
            raise LeaveError(events.Waiting(0, "")) from error
        except KeyboardInterrupt as error:
            raise LeaveError(events.Interrupted("a person left at a question")) from error
        finally:
            self._signals.asking = False

    def inputs(
        self,
        missing: Sequence[runbooks.Input],
        offering: offering.Offering | None = None,
        *,
        about: str = "",
    ) -> dict[str, str]:
        """Values for the inputs; an empty answer leaves its steps to a person."""
        found: dict[str, str] = {}
        if about:
            self._say(f"{about} wants to know:")
        try:
            for each in missing:
                offered = offering(each, found) if offering is not None else None
                value = self._input(each, self._offers(offered))
                if value:
                    found[each.name] = value
        except LeaveError as error:
            raise errors.WaitingError(
                "Nothing was started: inputs are missing.", "Give them with --set name=value."
            ) from error
        return found

    def _offers(self, offered: offering.Offered | None) -> tuple[str, ...]:
        """Show the values there are; those that are numbers themselves are not numbered."""
        if offered is None:
            return ()
        self._screen.print(text.Text(f"From {offered.command}:", style="dim"), soft_wrap=True)
        found = tuple(each.value for each in offered.values)
        numbered = not any(value.isdigit() for value in found)
        for number, each in enumerate(offered.values, start=1):
            line = text.Text(f"  {number}. " if numbered else "  ")
            line.append(each.value, style="cyan").append(f"  {each.about}"[:60], style="dim")
            self._screen.print(line, soft_wrap=True)
        return found if numbered else ()

    def _input(self, wanted: runbooks.Input, offered: Sequence[str] = ()) -> str:
        about = f"line {wanted.line}, {wanted.text}"
        if wanted.choices:
            about += f", one of {', '.join(wanted.choices)}"
        while True:
            reader = getpass.getpass if wanted.secret else input
            value = self._line(f"{wanted.name} ({about}; empty leaves it to a person): ", reader)
            if value.isdigit() and 1 <= int(value) <= len(offered):
                value = offered[int(value) - 1]
            problem = values.problem(wanted, value) if value else ""
            if not problem:
                return value
            self._screen.print(f"  It does not fit: {problem}.")


class Nobody:
    """Who answers where nobody is there: never called, as the run waits instead."""

    def answer(self, question: questions.Question) -> events.Event:
        """Wait for somebody."""
        return events.Waiting(question.step.index, questions.sentence(question))

    def hurried(self) -> bool:
        """Nobody presses anything."""
        return False
