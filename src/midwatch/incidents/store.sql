-- name: open
insert into incidents (id, group_key, title, severity, urgency, status, opened_at, runbook, procedure, firing, alerts, seq, next_at)
values (:id, :group_key, :title, :severity, :urgency, :status, :opened_at, :runbook, :procedure, :firing, :alerts, :seq, :next_at)

-- name: update
update incidents set title = :title, severity = :severity, urgency = :urgency, status = :status,
    acknowledged_at = :acknowledged_at, acknowledged_by = :acknowledged_by, resolved_at = :resolved_at,
    runbook = :runbook, procedure = :procedure, firing = :firing, alerts = :alerts, seq = :seq, next_at = :next_at
where id = :id

-- name: append
insert into incident_events (incident_id, seq, at, kind, payload) values (:id, :seq, :at, :kind, :payload)

-- name: timeline
select seq, at, kind, payload from incident_events where incident_id = :id and seq > :since order by seq

-- name: due
select id from incidents where status <> 'resolved' and next_at <= :now order by opened_at desc limit :limit

-- name: of group
select id from incidents where group_key = :group_key and status <> 'resolved'

-- name: opened since
select count(*) from incidents where opened_at > :since

-- name: number
select count(*) from incidents where opened_at >= :since

-- name: find
select id from incidents where id = :id or id like :like order by opened_at desc limit 3

-- name: send
insert into outbox (key, incident_id, person, channel, address, kind, body, state, created_at, due_at)
values (:key, :incident, :person, :channel, :address, :kind, :body, 'waiting', :created_at, :due_at)
on conflict (key) do nothing

-- name: cancel pages
update outbox set state = 'cancelled', reason = :reason
where incident_id = :id and kind in ('page', 'reminder') and state = 'waiting'

-- name: list
select id, title, severity, urgency, status, opened_at, acknowledged_at, acknowledged_by, resolved_at, runbook, procedure, firing, alerts
from incidents where status <> 'resolved' or :all = 1 order by opened_at desc limit :limit offset :offset

-- name: newest
select max(at) from incident_events

-- name: look again
update incidents set next_at = :now where status <> 'resolved' and next_at > :now
