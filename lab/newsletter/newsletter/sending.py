"""Sending a campaign once to each subscriber, through crashes and restarts.

A mail that is owed is a row. A worker locks it, hands the mail to the provider under a key made of
campaign and subscriber, and writes the row before it lets go. Dying in between leaves the row as it
was: the mail is handed over again under the same key, which the provider delivers only once.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from urllib.parse import urlencode

from newsletter import mail
from newsletter.database import Database, Row, Session

BATCH = 25


def owe(session: Session, campaign: int) -> None:
    """Write down a delivery for each active subscriber; doing it twice changes nothing."""
    session.execute("SET LOCAL statement_timeout = '60s'")
    session.execute(
        "INSERT INTO deliveries (campaign_id, subscriber_id)"
        " SELECT c.id, s.id FROM campaigns c JOIN subscribers s USING (tenant_id)"
        " WHERE c.id = %s AND s.state = 'active' ORDER BY s.id ON CONFLICT DO NOTHING",
        (campaign,),
    )
    session.execute(
        "UPDATE campaigns SET sent_at = coalesce(sent_at, now()) WHERE id = %s", (campaign,)
    )


def batches(session: Session, campaign: int) -> Iterator[list[int]]:
    """The deliveries that are still owed, a batch at a time."""
    rows = session.execute(
        "SELECT id FROM deliveries WHERE campaign_id = %s AND state = 'queued' ORDER BY id",
        (campaign,),
    ).fetchall()
    owed = [int(row["id"]) for row in rows]
    for start in range(0, len(owed), BATCH):
        yield owed[start : start + BATCH]


def route(session: Session) -> str:
    """The mail route in use."""
    row = session.execute("SELECT value FROM settings WHERE name = 'mail-route'").fetchone()
    return str(row["value"]) if row else mail.ROUTES[0]


def choose_route(session: Session, name: str) -> None:
    """Send everything from now on by this route."""
    session.execute("UPDATE settings SET value = %s WHERE name = 'mail-route'", (name,))


def send_one(database: Database, api: mail.MailApi, delivery: int, public_url: str) -> None:
    """Send one owed mail, unless it is sent, or another worker has it in hand."""
    with database.session() as session:
        row = session.execute(
            "SELECT d.campaign_id, d.subscriber_id, d.token::text, s.address, c.subject, c.template"
            " FROM deliveries d JOIN subscribers s ON s.id = d.subscriber_id"
            " JOIN campaigns c ON c.id = d.campaign_id"
            " WHERE d.id = %s AND d.state = 'queued' FOR UPDATE OF d SKIP LOCKED",
            (delivery,),
        ).fetchone()
        if row is None:
            return
        try:
            state, name = "sent", api.send(written(row, public_url), route(session))
        except mail.RefusedError:
            state, name = "refused", None
        session.execute(
            "UPDATE deliveries SET state = %s, provider_id = %s WHERE id = %s",
            (state, name, delivery),
        )


def written(row: Row, public_url: str) -> mail.Mail:
    """The mail as one subscriber gets it, with links that tell us of opens and clicks."""
    tracking = f"{public_url}/t/{row['token']}"
    text = render(
        row["template"], row["address"], f"{tracking}/click?{urlencode({'to': public_url})}"
    )
    return mail.Mail(
        key=f"{row['campaign_id']}/{row['subscriber_id']}",
        to=row["address"],
        subject=row["subject"],
        text=f"{text}\n\n{tracking}/open.gif",
    )


def render(template: str, address: str, link: str) -> str:
    """A template with the reader's name and link in it."""
    return string.Template(template).safe_substitute(name=address.partition("@")[0], link=link)
