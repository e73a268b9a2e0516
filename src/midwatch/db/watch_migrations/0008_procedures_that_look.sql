alter table run_orders add column probe text not null default '';
alter table run_orders add column said text not null default '';
alter table run_orders add column missed integer not null default 0;

create index run_orders_by_probe on run_orders (probe, id) where probe <> ''
