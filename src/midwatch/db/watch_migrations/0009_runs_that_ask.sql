create index run_orders_asking on run_orders (id) where state = 'asking'
