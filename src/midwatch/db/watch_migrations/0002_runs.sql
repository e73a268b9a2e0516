create table run_orders (
    id {serial},
    key text not null unique,
    incident_id text not null,
    purpose text not null,
    address text not null,
    target text not null,
    inputs text not null,
    state text not null,
    run_id text not null default '',
    created_at text not null,
    ended_at text,
    outcome text not null default '',
    healed integer
);

create index run_orders_waiting on run_orders (id) where state in ('waiting', 'starting', 'started');
create index run_orders_by_address on run_orders (address, created_at);
create index run_orders_by_run on run_orders (run_id)
