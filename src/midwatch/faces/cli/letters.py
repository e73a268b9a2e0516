"""How a message of the outbox looks in a terminal."""

from __future__ import annotations

from rich import text

from midwatch.incidents import messages, outbox

MARKS = {
    messages.Delivery.SENT: ("✓", "green"),
    messages.Delivery.WAITING: ("…", "yellow"),
    messages.Delivery.SENDING: ("…", "yellow"),
    messages.Delivery.CANCELLED: ("–", "dim"),  # noqa: RUF001  (a mark)
    messages.Delivery.DEAD: ("✗", "bold red"),
}


def line(letter: outbox.Letter) -> text.Text:
    """Who, by what, where to."""
    mark, style = MARKS[letter.state]
    shown = text.Text(f"{mark} ", style=style).append(letter.person, style="bold")
    return shown.append(f" by {letter.channel} ").append(letter.address, style="dim")


def told(letter: outbox.Letter) -> str:
    """What became of it, in a few words."""
    tries = "" if letter.attempts <= 1 else f", {letter.attempts} tries"
    match letter.state:
        case messages.Delivery.SENT:
            held = f" ({letter.reason})" if letter.reason else ""
            return f"taken{held}: {letter.receipt or 'no receipt'}{tries}"
        case messages.Delivery.CANCELLED:
            return f"not sent: {letter.reason}"
        case messages.Delivery.DEAD:
            return f"not taken: {letter.reason.rstrip('.')}{tries}"
        case messages.Delivery.SENDING:
            return "being sent"
        case _:
            why = f": {letter.reason}" if letter.reason else ""
            again = "will be tried again" if letter.attempts else "waits"
            return f"{again} at {letter.due_at:%H:%M:%S} UTC{why}{tries}"


def fields(letter: outbox.Letter) -> dict[str, object]:
    """The message as an object, for programs."""
    return {
        "id": letter.id,
        "incident": letter.incident,
        "person": letter.person,
        "channel": letter.channel,
        "address": letter.address,
        "kind": letter.kind.value,
        "state": letter.state.value,
        "created_at": letter.created_at.isoformat(),
        "due_at": letter.due_at.isoformat(),
        "sent_at": letter.sent_at.isoformat() if letter.sent_at else None,
        "attempts": letter.attempts,
        "receipt": letter.receipt,
        "reason": letter.reason,
    }
