-- name: new run
insert into runs (run_id, started_at, runbook, procedure, title, target, outcome, wording)
values (:run_id, :at, :runbook, :procedure, :title, :target, :outcome, :wording)

-- name: append
insert into run_events (run_id, seq, at, kind, payload, hash)
values (:run_id, :seq, :at, :kind, :payload, :hash)

-- name: entries
select run_id, seq, at, kind, payload, hash from run_events where run_id = ? order by seq

-- name: hash
select hash from run_events where run_id = ? and seq = ?

-- name: stand
update runs set outcome = :outcome, ended_at = :at where run_id = :run_id

-- name: read
select seq, at, kind, payload from run_events where run_id = ? and seq >= ? order by seq

-- name: list
select run_id, started_at, runbook, procedure, title, target, outcome, ended_at
from runs order by started_at desc, rowid desc limit ?

-- name: known
select 1 from runs where run_id = ?

-- name: find
select run_id from runs where run_id like '%' || :text || '%' escape '\'
order by started_at desc limit 5

-- name: request
insert into run_requests (run_id, at, kind) values (?, ?, ?)

-- name: requests
select count(*) from run_requests where run_id = ? and kind = ? and id > ?

-- name: last request
select coalesce(max(id), 0) from run_requests where run_id = ?
