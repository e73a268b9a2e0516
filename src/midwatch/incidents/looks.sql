-- name: latest
select id, state, outcome, said, created_at, missed from run_orders where probe = :probe and probe <> '' order by id desc limit 1

-- name: ask
insert into run_orders (key, incident_id, purpose, address, target, inputs, state, probe, created_at)
values (:key, '', :purpose, :address, :target, :inputs, 'waiting', :probe, :created_at)
on conflict (key) do nothing

-- name: ended
update run_orders set state = 'ended', ended_at = :now, outcome = :answer, said = :said where id = :id

-- name: good before
select run_id from run_orders
where probe = (select probe from run_orders where id = :id) and probe <> '' and id < :id
and outcome = 'good' and run_id <> ''

-- name: missing
update run_orders set missed = :missed where id = :id

-- name: judged
update run_orders set state = 'judged' where id = :id

-- name: forget
delete from run_orders where probe = :probe and probe <> '' and id < :id and state in ('ended', 'judged')
