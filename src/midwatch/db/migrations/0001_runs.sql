create table runs (
    run_id text primary key,
    started_at text not null,
    runbook text not null,
    procedure text not null,
    title text not null,
    target text not null,
    outcome text,
    ended_at text
);

create table run_events (
    run_id text not null,
    seq integer not null,
    at text not null,
    kind text not null,
    payload text not null,
    primary key (run_id, seq)
) without rowid;

create table run_requests (
    id integer primary key,
    run_id text not null,
    at text not null,
    kind text not null
);

create index run_requests_by_run on run_requests (run_id);
