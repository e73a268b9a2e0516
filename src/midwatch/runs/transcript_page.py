"""A run as one page of HTML: nothing from elsewhere, no script, readable by day, night and ear."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterator, Sequence
from pathlib import Path

from midwatch.runs import ansi, events, model, state, transcript

STYLE = Path(__file__).with_name("transcript.css").read_text(encoding="utf-8")
SIGNS = {"read": "○", "change": "▲", "destroy": "■", "unknown": "?", "person": "☐"}
DONE = frozenset({state.Status.DONE})
TROUBLE = frozenset({state.Status.FAILED, state.Status.REFUSED, state.Status.IN_DOUBT})


def page(run_id: str, recorded: Sequence[events.Recorded], printed: transcript.Printed) -> str:
    """The whole run, from its plan to its end."""
    standing = state.fold(recorded)
    title = f"{standing.plan.title}: {standing.outcome}"
    parts = [
        *_top(title),
        *_facts(run_id, recorded, standing),
        *_overview(standing),
        '<h2 id="happened">What happened</h2>',
    ]
    for each in recorded[1:]:
        parts += _event(standing.plan, each, printed)
    parts.append("</main></body></html>")
    return "\n".join(parts) + "\n"


def _top(title: str) -> Iterator[str]:
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    rules = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    yield '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{_text(title)}</title>\n<style>{STYLE}</style></head><body>"
    yield '<a class="skip" href="#happened">Skip to what happened</a><main>'


def _text(text: str) -> str:
    """Words of ours or the document's, harmless in a page."""
    return html.escape(ansi.visible(_whole(text)).replace("\n", " "), quote=True)


def _whole(text: str) -> str:
    """The text as UTF-8 can say it."""
    return text.encode("utf-8", "replace").decode()


def _facts(
    run_id: str, recorded: Sequence[events.Recorded], standing: state.State
) -> Iterator[str]:
    plan = standing.plan
    good = "good" if standing.outcome is model.Outcome.SUCCEEDED else "bad"
    mark = f'<span class="outcome {good}">{_text(standing.outcome)}</span>'
    yield f"<h1>{_text(plan.title)} {mark}</h1>"
    for broken in standing.broken:
        title = plan.steps[broken.step].title
        told = f"Glass broken by {broken.by or 'somebody'}, for “{title}”: {broken.reason}"
        yield f'<p class="loud">‼ {_text(told)}</p>'
    took = (recorded[-1].at - recorded[0].at).total_seconds()
    facts = [
        ("Run", run_id),
        ("Runbook", f"{plan.runbook}#{plan.procedure}"),
        ("sha256", plan.runbook_digest),
        ("Target", plan.target),
        ("Asked for by", plan.requested_by),
        ("Began", f"{recorded[0].at:%Y-%m-%d %H:%M:%S} UTC"),
        ("Took", f"{took:.1f} s until the last entry"),
        ("Recovery target", plan.recovery_target or ""),
        ("Ended", standing.finished.reason if standing.finished else ""),
        *((f"Input {name}", value) for name, value in plan.inputs.items()),
    ]
    rows = (f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>" for name, value in facts if value)
    yield f"<dl>{''.join(rows)}</dl>"


def _overview(standing: state.State) -> Iterator[str]:
    yield '<h2>Steps</h2>\n<table><thead><tr><th scope="col" class="number">No.</th>'
    yield '<th scope="col">Effect</th><th scope="col">Step</th><th scope="col">Standing</th></tr>'
    yield "</thead><tbody>"
    for step in standing.plan.steps:
        at = standing.step(step.index)
        name = f'<a href="#step-{step.index + 1}">{_text(step.title)}</a>' if at.attempts else ""
        name = name or _text(step.title)
        why = f" ({_text(at.reason)})" if at.reason else ""
        look = "good" if at.status in DONE else "bad" if at.status in TROUBLE else "note"
        yield f'<tr><td class="number">{step.index + 1}</td><td>{_mark(step)}</td><td>{name}</td>'
        yield f'<td><span class="{look}">{_text(at.status)}</span>{why}</td></tr>'
    yield "</tbody></table>"


def _mark(step: model.PlannedStep) -> str:
    """A sign, a word and a colour, always all three."""
    word = "person" if step.carrier is model.Carrier.PERSON else step.effect.value
    sign = f'<span aria-hidden="true">{SIGNS[word]}</span>'
    return f'<span class="mark {word}">{sign} {word}</span>'


def _event(
    plan: model.Plan, recorded: events.Recorded, printed: transcript.Printed
) -> Iterator[str]:
    event = recorded.event
    moment = f'<time datetime="{recorded.at.isoformat()}">{recorded.at:%H:%M:%S}</time>'
    match event:
        case events.StepStarted(index, attempt):
            step = plan.steps[index]
            anchor = f' id="step-{index + 1}"' if attempt == 1 else ""
            again = f", attempt {attempt}" if attempt > 1 else ""
            yield f'<div class="step"{anchor}><h3>{index + 1}. {_text(step.title)}</h3>'
            yield f'<p class="note">{moment} {_mark(step)} line {step.line}{again}</p>'
            words = html.escape(ansi.visible(_whole(step.text.rstrip("\n"))), quote=True)
            yield f"{_block(words, 'command', f'Command of step {index + 1}')}</div>"
        case events.StepFinished():
            yield from _result(event, moment, printed)
        case events.GlassBroken():
            yield f'<p class="loud">{moment} {_text(transcript.sentence(plan, event))}</p>'
        case _:
            yield f'<p class="note">{moment} {_text(transcript.sentence(plan, event))}</p>'


def _result(event: events.StepFinished, moment: str, printed: transcript.Printed) -> Iterator[str]:
    whole = printed(event.step, event.attempt)
    shown = event.tail if whole is None else whole
    if shown.strip():
        yield _block(
            _coloured(shown[-transcript.LONGEST :]), "output", f"Output of step {event.step + 1}"
        )
        if len(shown) > transcript.LONGEST or event.size > len(shown.encode("utf-8", "replace")):
            yield f'<p class="note">The end of {event.size:,} bytes, sha256 {event.sha256}.</p>'
    good = "good" if event.verdict in state.GOOD else "bad"
    said = event.meaning or ("done" if event.exit == 0 else f"exit {event.exit}")
    verdict = f'<span class="{good}">{_text(event.verdict)}</span>'
    yield f"<p>{moment} {verdict}: {_text(said)}, {event.seconds:.1f} s</p>"


def _block(inside: str, kind: str, name: str) -> str:
    """A block that is announced by its name, and scrolled with the keyboard."""
    return f'<pre class="{kind}" tabindex="0" role="group" aria-label="{name}">{inside}</pre>'


def _coloured(text: str) -> str:
    """What was printed, in its colours."""
    rows = ansi.lines(_whole(text.rstrip("\n")))
    return "\n".join("".join(_piece(piece) for piece in row) for row in rows)


def _piece(piece: ansi.Piece) -> str:
    text = html.escape(piece.text, quote=True)
    classes = " ".join(_classes(piece.style))
    return f'<span class="{classes}">{text}</span>' if classes else text


def _classes(style: ansi.Style) -> Iterator[str]:
    if style.reversed:
        yield "r"
    else:
        if style.colour is not None and style.background is None:
            yield f"c{style.colour}"
        if style.background is not None:
            yield f"g{style.background}"
    for name, there in (
        ("b", style.bold),
        ("f", style.faint),
        ("i", style.italic),
        ("u", style.underlined),
    ):
        if there:
            yield name
