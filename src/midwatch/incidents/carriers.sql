-- name: take
update run_orders set state = 'starting', carrier = :carrier where id = :id and state = 'waiting'

-- name: mine
select id from run_orders where state = 'starting' and carrier in ('', :carrier)

-- name: elsewhere
select id, key, incident_id, purpose, address, target, inputs, state, run_id, created_at, carrier
from run_orders where state in ('starting', 'started', 'asking') and carrier not in ('', :carrier) order by id limit 50

-- name: again
update run_orders set state = 'waiting', carrier = '', run_id = '' where id = :id

-- name: going on
select id from run_orders where run_id = :run and state in ('started', 'asking') and carrier in ('', :carrier)
