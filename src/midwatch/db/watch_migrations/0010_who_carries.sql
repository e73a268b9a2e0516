alter table run_orders add column carrier text not null default ''
