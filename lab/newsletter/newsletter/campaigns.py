"""Tenants, their subscribers, their campaigns, and what readers did with them."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.database import Row, Session

DASHBOARD = """
SELECT c.id, c.subject, c.created_at::text, c.sent_at::text,
       (SELECT count(*) FROM email_events e
        WHERE e.campaign_id = c.id AND e.event_type = 'open') AS opens,
       (SELECT count(*) FROM email_events e
        WHERE e.campaign_id = c.id AND e.event_type = 'click') AS clicks
FROM campaigns c WHERE c.tenant_id = %s ORDER BY c.created_at DESC LIMIT 20
"""


def add_tenant(session: Session, name: str) -> int:
    """A new tenant's number."""
    row = session.execute("INSERT INTO tenants (name) VALUES (%s) RETURNING id", (name,)).fetchone()
    return int(row["id"]) if row else 0


def add_subscribers(session: Session, tenant: int, addresses: Sequence[str]) -> int:
    """Add those who are not there yet; how many they were."""
    return session.execute(
        "INSERT INTO subscribers (tenant_id, address) SELECT %s, unnest(%s::text[])"
        " ON CONFLICT DO NOTHING",
        (tenant, list(addresses)),
    ).rowcount


def subscribers(session: Session, tenant: int) -> list[Row]:
    """The first hundred subscribers of a tenant."""
    return session.execute(
        "SELECT id, address, state FROM subscribers WHERE tenant_id = %s ORDER BY id LIMIT 100",
        (tenant,),
    ).fetchall()


def add_campaign(session: Session, tenant: int, subject: str, template: str) -> int:
    """A new campaign's number."""
    row = session.execute(
        "INSERT INTO campaigns (tenant_id, subject, template) VALUES (%s, %s, %s) RETURNING id",
        (tenant, subject, template),
    ).fetchone()
    return int(row["id"]) if row else 0


def dashboard(session: Session, tenant: int) -> list[Row]:
    """The latest campaigns of a tenant with their opens and clicks."""
    return session.execute(DASHBOARD, (tenant,)).fetchall()


def find(session: Session, campaign: int) -> Row | None:
    """One campaign, with the number of its deliveries by state."""
    row = session.execute(
        "SELECT id, tenant_id, subject, template FROM campaigns WHERE id = %s", (campaign,)
    ).fetchone()
    if row is None:
        return None
    states = session.execute(
        "SELECT state, count(*) AS n FROM deliveries WHERE campaign_id = %s GROUP BY state",
        (campaign,),
    ).fetchall()
    return row | {"deliveries": {state["state"]: state["n"] for state in states}}


def insight(session: Session, campaign: int) -> Row | None:
    """What the insight job found out."""
    return session.execute(
        "SELECT summary, made_at::text FROM insights WHERE campaign_id = %s", (campaign,)
    ).fetchone()


def track(session: Session, token: str, event: str) -> bool:
    """Write down that a reader opened or clicked; whether we know the mail."""
    return (
        session.execute(
            "INSERT INTO email_events (campaign_id, subscriber_id, event_type)"
            " SELECT campaign_id, subscriber_id, %s FROM deliveries WHERE token::text = %s",
            (event, token),
        ).rowcount
        == 1
    )


def bounced(session: Session, provider_id: str) -> bool:
    """Write down that a mail came back; whether we know the mail."""
    row = session.execute(
        "UPDATE deliveries SET state = 'bounced' WHERE provider_id = %s"
        " RETURNING campaign_id, subscriber_id",
        (provider_id,),
    ).fetchone()
    if row is None:
        return False
    session.execute(
        "UPDATE subscribers SET state = 'bounced' WHERE id = %s", (row["subscriber_id"],)
    )
    session.execute(
        "INSERT INTO email_events (campaign_id, subscriber_id, event_type)"
        " VALUES (%(campaign_id)s, %(subscriber_id)s, 'bounce')",
        row,
    )
    return True
