alter table run_events add column hash text
