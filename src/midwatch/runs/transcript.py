"""What happened, as Markdown: for the incident's channel, the ticket, the postmortem."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence

from midwatch.base import counted
from midwatch.runs import events, model, shell_events, shell_words, state

Printed = Callable[[int, int], str | None]
"""What an attempt at a step printed, where that is still there."""
LONGEST = 20_000
"""Characters of one step's output; the rest stays in its file."""


def markdown(run_id: str, recorded: Sequence[events.Recorded], printed: Printed) -> str:
    """The whole run, from its plan to its end."""
    standing = state.fold(recorded)
    lines = [*_head(run_id, recorded, standing), ""]
    plan = _first_plan(recorded[0], standing)
    for each in recorded[1:]:
        plan = each.event.plan if isinstance(each.event, events.Replanned) else plan
        lines += _event(plan, each, printed)
    return "\n".join(lines).rstrip() + "\n"


def _first_plan(first: events.Recorded, standing: state.State) -> model.Plan:
    return first.event.plan if isinstance(first.event, events.Planned) else standing.plan


def _head(run_id: str, recorded: Sequence[events.Recorded], standing: state.State) -> Iterator[str]:
    plan = standing.plan
    took = recorded[-1].at - recorded[0].at
    yield f"# {plan.title}: {standing.outcome}"
    yield ""
    yield f"- Run: `{run_id}`"
    yield f"- Runbook: `{plan.runbook}#{plan.procedure}`, sha256 `{plan.runbook_digest[:16]}`"
    yield f"- Target: {plan.target}"
    yield f"- Began: {_time(recorded[0].at)} ({_seconds(took)} until the last entry)"
    if plan.recovery_target:
        yield f"- Recovery target: {plan.recovery_target}"
    if plan.requested_by:
        yield f"- Asked for by: {plan.requested_by}"
    for name, value in plan.inputs.items():
        yield f"- Input {name}: `{value}`"
    for broken in standing.broken:
        title = plan.steps[broken.step].title
        yield ""
        yield f"> **GLASS BROKEN** by {broken.by or 'somebody'}, for “{title}”: {broken.reason}"


def _time(at: datetime.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _seconds(took: datetime.timedelta) -> str:
    return f"{took.total_seconds():.1f} s"


def _event(plan: model.Plan, recorded: events.Recorded, printed: Printed) -> Iterator[str]:
    event, at = recorded.event, f"{recorded.at:%H:%M:%S}"
    match event:
        case events.StepStarted(index, attempt):
            step = plan.steps[index]
            again = f", attempt {attempt}" if attempt > 1 else ""
            yield f"## {at} {step.title} (line {step.line}, {step.effect}{again})"
            yield ""
            yield from _fenced(step.text, "bash")
        case events.StepFinished():
            yield from _result(event, at, printed)
        case shell_events.ExitTrapStarted(text=trap):
            yield f"## {at} The runbook's EXIT trap"
            yield ""
            yield from _fenced(trap, "bash")
        case shell_events.ExitTrapFinished(tail=tail) | shell_events.ShellClosed(tail=tail):
            yield from _fenced(tail, "text") if tail else ()
            yield f"{at} {shell_words.sentence('', event)}"
            yield ""
        case _:
            yield f"- {at} {sentence(plan, event)}"
            yield ""
            if isinstance(event, events.Looked):
                yield from _fenced(event.text, "bash")
                yield from _fenced(event.tail or "(nothing was printed)", "text")


def _result(event: events.StepFinished, at: str, printed: Printed) -> Iterator[str]:
    whole = printed(event.step, event.attempt)
    shown = event.tail if whole is None else whole
    if shown:
        cut = len(shown) > LONGEST
        yield from _fenced(shown[-LONGEST:], "text")
        if cut or event.size > len(shown.encode("utf-8", "replace")):
            yield f"The end of {event.size:,} bytes, sha256 `{event.sha256[:16]}`."
            yield ""
    said = event.meaning or ("done" if event.exit == 0 else f"exit {event.exit}")
    yield f"{at} **{event.verdict}**: {said}, {event.seconds:.1f} s"
    yield ""


def _fenced(text: str, language: str) -> Iterator[str]:
    fence = "```"
    while fence in text:
        fence += "`"
    yield fence + language
    yield text.rstrip("\n")
    yield fence
    yield ""


def sentence(  # noqa: C901  (one case for each)
    plan: model.Plan, event: events.Event
) -> str:
    """What happened, in one sentence."""
    match event:
        case events.Planned():
            return f"planned: {plan.title} on {plan.target}, {counted.of(len(plan.steps), 'step')}"
        case events.Resumed(by):
            return f"resumed by {by}"
        case events.Chosen(option=option, how=how):
            return f"chosen ({how}): {option}"
        case events.ConditionAnswered(condition, holds, how):
            return f"{'so' if holds else 'not so'} ({how}): {condition}"
        case events.ScriptSaved(name=name):
            return f"script saved for this run: {name}"
        case events.Waiting(question=question):
            return f"waiting for a person: {question}"
        case events.UndoBegan(run=run, by=by):
            return f"taken back by run {run}, which {by or 'somebody'} began"
        case events.HandedOver(by=by, note=note):
            return f"handed over by {by or 'somebody'}: {note or 'without a note'}"
        case events.Interrupted(how):
            return f"interrupted: {how}"
        case events.Finished(outcome, reason):
            return f"{outcome}" + (f": {reason}" if reason else "")
    index = getattr(event, "step", None)
    if isinstance(event, shell_events.ShellEvent):
        return shell_words.sentence(plan.steps[index].title if index is not None else "", event)
    return _of_step(plan.steps[index].title if index is not None else "", event)


def _of_step(title: str, event: events.Event) -> str:  # noqa: C901, PLR0912  (one case each)
    """What happened to one step."""
    match event:
        case events.Replanned(again, step, by):
            given = ", ".join(f"{name}={value}" for name, value in again.inputs.items())
            with_ = f" with {given}" if given else ""
            return f"taken up again by {by} from step {step + 1}{with_}: {title}"
        case events.Approved() | events.GlassBroken():
            return _consent(title, event)
        case events.Looked(seconds=seconds, exit=code):
            how = "stopped, as it took too long" if code is None else f"exit {code}"
            return f"looked first ({how}, {seconds:.1f} s): {title}"
        case events.Remembered():
            return remembered(event)
        case events.StepStarted():
            return f"started: {title}"
        case events.StepAttached():
            return f"still running, followed again: {title}"
        case events.StepFinished(verdict=verdict, meaning=meaning):
            return f"{verdict}: {title}" + (f" ({meaning})" if meaning else "")
        case events.Checked():
            return checked(event)
        case events.StepInterrupted(why=why) | events.StepInDoubt(why=why):
            return f"in doubt: {title} ({why})"
        case events.StepNeverBegan():
            return f"never began, so it is started anew: {title}"
        case events.DoubtSettled(answer=answer, how=how):
            return f"doubt settled, {answer} ({how}): {title}"
        case events.FailureSettled(answer=answer, reason=reason):
            return f"after the failure, {answer} ({reason}): {title}"
        case events.StepSkipped(reason=reason):
            return f"skipped ({reason}): {title}"
        case events.DoneByPerson(note=note):
            return f"done by a person: {title}" + (f" ({note})" if note else "")
        case events.LeftToDo(reason=reason):
            return f"left to do: {title} ({reason})"
        case events.Refused(reason=reason, way=way):
            return f"refused: {title} ({reason} {way})".replace(" )", ")")
    return title


def remembered(event: events.Remembered) -> str:
    """What was written down before something was changed."""
    if event.word:
        return f"for the way back: {event.word} ({event.text})"
    if event.file:
        return f"for the way back: {event.size:,} bytes kept ({event.text})"
    return f"nothing recorded for the way back ({event.text}: {event.why})"


def checked(event: events.Checked) -> str:
    """What came of comparing what was expected with what was seen."""
    who = f" ({event.how})" if event.how else ""
    match event.answer:
        case events.Check.HOLDS if not event.expected:
            return "it ended as it should"
        case events.Check.HOLDS:
            return f"as expected{who}: {event.expected}"
        case events.Check.FAILS:
            return f"not as expected{who}: expected {event.expected}, got {event.got}"
        case events.Check.OPEN:
            return f"a person must see whether it is so: {event.expected}"
        case events.Check.LEFT:
            return f"not checked, as nobody was there: {event.expected}"


def _consent(title: str, event: events.Approved | events.GlassBroken) -> str:
    match event:
        case events.Approved(how=how, by=by):
            return f"approved ({f'{by}, ' if by else ''}{how}): {title}"
        case events.GlassBroken(by=by, reason=reason, instead_of=instead_of):
            return f"GLASS BROKEN by {by or '?'} ({reason}): {title}; instead of: {instead_of}"
