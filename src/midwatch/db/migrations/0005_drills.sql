create table drills (
    drill_id text primary key,
    started_at text not null,
    faults text not null,
    target text not null,
    seed integer not null,
    seeds integer not null,
    arms text not null,
    planned integer not null,
    ended_at text,
    outcome text
);

create table drill_rehearsals (
    drill_id text not null,
    number integer not null,
    began_at text not null,
    fault text not null,
    arm text not null,
    seed integer not null,
    runbook text not null,
    procedure text not null,
    wording text not null,
    plan text not null,
    verdict text,
    stable real,
    run_id text,
    ended_at text,
    primary key (drill_id, number)
) without rowid;

create index drill_rehearsals_by_wording on drill_rehearsals (wording, ended_at);

create table drill_events (
    drill_id text not null,
    number integer not null,
    seq integer not null,
    at text not null,
    seconds real not null,
    kind text not null,
    detail text not null,
    primary key (drill_id, number, seq)
) without rowid;

create table drill_looks (
    drill_id text not null,
    number integer not null,
    seq integer not null,
    seconds real not null,
    ok integer not null,
    why text not null,
    primary key (drill_id, number, seq)
) without rowid;

alter table runs add column wording text not null default '';

create index runs_by_wording on runs (wording)
