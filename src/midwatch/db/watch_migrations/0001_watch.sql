create table intake (
    id {serial},
    key text not null unique,
    received_at text not null,
    seen_at text not null,
    expires_at text,
    source text not null,
    fingerprint text not null,
    started_at text not null,
    status text not null,
    name text not null,
    body text not null,
    handled integer not null default 0
);

create index intake_waiting on intake (id) where handled = 0;

create table refusals (
    id {serial},
    at text not null,
    source text not null,
    reason text not null,
    size integer not null,
    sample text not null
);

create table alerts (
    episode text primary key,
    source text not null,
    fingerprint text not null,
    started_at text not null,
    name text not null,
    status text not null,
    labels text not null,
    annotations text not null,
    link text not null,
    received_at text not null,
    ended_at text,
    incident_id text,
    disposition text not null,
    reason text not null
);

create index alerts_by_incident on alerts (incident_id);
create index alerts_firing on alerts (disposition) where status = 'firing';
create index alerts_by_fingerprint on alerts (fingerprint, started_at);

create table incidents (
    id text primary key,
    group_key text not null,
    title text not null,
    severity text not null,
    urgency text not null,
    status text not null,
    opened_at text not null,
    acknowledged_at text,
    acknowledged_by text,
    resolved_at text,
    runbook text not null,
    procedure text not null,
    firing integer not null,
    alerts integer not null,
    seq integer not null,
    next_at text
);

create unique index incidents_open on incidents (group_key) where status <> 'resolved';
create index incidents_due on incidents (next_at) where status <> 'resolved';
create index incidents_by_opening on incidents (opened_at);

create table incident_events (
    incident_id text not null,
    seq integer not null,
    at text not null,
    kind text not null,
    payload text not null,
    primary key (incident_id, seq)
);

create table outbox (
    id {serial},
    key text not null unique,
    incident_id text,
    person text not null,
    channel text not null,
    address text not null,
    kind text not null,
    body text not null,
    state text not null,
    created_at text not null,
    due_at text not null,
    attempts integer not null default 0,
    sent_at text,
    receipt text not null default '',
    reason text not null default ''
);

create index outbox_due on outbox (due_at) where state in ('waiting', 'sending');
create index outbox_by_incident on outbox (incident_id);

create table silences (
    id text primary key,
    created_at text not null,
    created_by text not null,
    reason text not null,
    matchers text not null,
    starts_at text not null,
    ends_at text not null,
    told integer not null default 0
);

create table standing (
    name text primary key,
    value text not null,
    at text not null,
    by_whom text not null
);

create table audit (
    id {serial},
    at text not null,
    actor text not null,
    action text not null,
    thing text not null,
    outcome text not null
)
