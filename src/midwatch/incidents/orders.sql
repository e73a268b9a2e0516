-- name: order
insert into run_orders (key, incident_id, purpose, address, target, inputs, state, created_at)
values (:key, :incident, :purpose, :address, :target, :inputs, 'waiting', :created_at)
on conflict (key) do nothing

-- name: waiting
select id, key, incident_id, purpose, address, target, inputs, state, run_id, created_at
from run_orders where state in ('waiting', 'starting') order by id limit :limit

-- name: of run
select id, key, incident_id, purpose, address, target, inputs, state, run_id, created_at
from run_orders where run_id = :run_id

-- name: started
update run_orders set state = 'started', run_id = :run_id where id = :id

-- name: ended
update run_orders set state = 'ended', ended_at = :now, outcome = :outcome, healed = :healed where id = :id

-- name: going on
select run_id from run_orders where state = 'started' order by id

-- name: changing
select run_id from run_orders where state = 'started' and purpose in ('remediation', 'periodic') order by id

-- name: before
select r.created_at, i.group_key, r.healed, r.state from run_orders r join incidents i on i.id = r.incident_id
where r.purpose = 'remediation' and r.address = :address and r.created_at > :since and r.id < :until
and (r.run_id <> '' or r.state <> 'ended')

-- name: unverified
select r.id, r.incident_id, r.run_id, r.ended_at, i.firing from run_orders r join incidents i on i.id = r.incident_id
where r.purpose = 'remediation' and r.state = 'ended' and r.healed is null and r.run_id <> '' limit :limit

-- name: verified
update run_orders set healed = :healed where id = :id
