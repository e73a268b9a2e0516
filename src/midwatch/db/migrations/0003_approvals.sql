create table run_approvals (
    id integer primary key,
    run_id text not null,
    at text not null,
    bound text not null,
    actor text not null,
    account text not null
);

create index run_approvals_by_run on run_approvals (run_id, bound)
