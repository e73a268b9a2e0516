-- name: page
select run_id, started_at, runbook, procedure, title, target, outcome, ended_at from runs
where (:waiting < 0 or outcome = 'running' or (outcome in ('waiting', 'in-doubt')) = :waiting)
and (started_at < :started_at or (started_at = :started_at and run_id < :id))
order by started_at desc, run_id desc limit :limit

-- name: one
select run_id, started_at, runbook, procedure, title, target, outcome, ended_at from runs
where run_id = ?

-- name: last event
select at, kind, payload from run_events where run_id = ? order by seq desc limit 1
