create table probe_states (
    probe text not null,
    fingerprint text not null,
    since text not null,
    started_at text not null,
    labels text not null,
    said text not null,
    firing integer not null default 0,
    primary key (probe, fingerprint)
);

create table probe_looks (
    probe text primary key,
    at text not null,
    said text not null
);

create table ticks (
    name text not null,
    due_at text not null,
    at text not null,
    missed integer not null default 0,
    incident_id text not null,
    primary key (name, due_at)
)
