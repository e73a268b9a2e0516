create index run_orders_by_state on run_orders (state, id);

create index alerts_never_started on alerts (received_at) where disposition = 'stale'
