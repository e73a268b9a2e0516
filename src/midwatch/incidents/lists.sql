-- name: page
select id, title, severity, urgency, status, opened_at, acknowledged_at, acknowledged_by, resolved_at, runbook, procedure, firing, alerts
from incidents
where (:status = 'all' or status = :status or (:status = 'unresolved' and status <> 'resolved'))
and (opened_at < :opened_at or (opened_at = :opened_at and id < :id))
order by opened_at desc, id desc limit :limit

-- name: counts
select status, count(*) from incidents where status <> 'resolved' group by status

-- name: row
select id, title, severity, urgency, status, opened_at, acknowledged_at, acknowledged_by, resolved_at, runbook, procedure, firing, alerts
from incidents where id = :id

-- name: happened since
select incident_id, seq, at, kind, payload from incident_events where at > :since
order by at, incident_id, seq limit :limit
