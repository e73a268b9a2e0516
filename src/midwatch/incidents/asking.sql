-- name: incident of run
select incident_id from run_orders where run_id = :run_id

-- name: incident of person
select incident_id from incident_events
where at >= :since and at <= :until and kind = 'run-started' and payload like :like limit 1

-- name: asking
update run_orders set state = 'asking', ended_at = :now, outcome = '', healed = null where id = :id

-- name: unanswered
select id, key, incident_id, purpose, address, target, inputs, state, run_id, created_at
from run_orders where state = 'asking' and outcome = '' and ended_at <= :limit limit 100

-- name: left
update run_orders set outcome = 'unanswered', healed = :healed where id = :id and state = 'asking'

-- name: going on
select run_id from run_orders where state = 'asking' order by id

-- name: in vain
select r.run_id from run_orders r join incidents i on i.id = r.incident_id
where r.state = 'asking' and (i.status = 'resolved' or :paused = 1) limit 20
