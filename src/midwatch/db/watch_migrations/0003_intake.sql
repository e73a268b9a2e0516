create index intake_by_fingerprint on intake (source, fingerprint, id);

create index audit_by_time on audit (at);

create table heartbeats (
    name text primary key,
    at text not null,
    by_whom text not null
)
