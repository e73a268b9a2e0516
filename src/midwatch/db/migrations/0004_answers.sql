create table run_answers (
    id integer primary key,
    run_id text not null,
    at text not null,
    bound text not null,
    said text not null,
    note text not null,
    actor text not null,
    account text not null,
    taken integer not null
);

insert into run_answers (run_id, at, bound, said, note, actor, account, taken)
select run_id, at, bound, 'yes', '', actor, account, 0 from run_approvals order by id;

drop table run_approvals;

create index run_answers_by_run on run_answers (run_id, bound);

create table hosted_runs (
    run_id text primary key,
    host text not null,
    setting text not null
);

create index hosted_runs_by_host on hosted_runs (host)
