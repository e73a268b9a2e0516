-- name: hold
insert or replace into hosted_runs (run_id, host, setting) values (:run_id, :host, :setting)

-- name: release
delete from hosted_runs where run_id = ?

-- name: setting
select setting from hosted_runs where run_id = ?

-- name: unfinished
select run_id, outcome, exists (
    select 1 from run_answers where run_answers.run_id = runs.run_id and not taken
)
from hosted_runs join runs using (run_id)
where host = ? order by started_at, runs.rowid

-- name: answered
select run_id, max(id) from run_answers where id > ? group by run_id order by 2

-- name: last answer
select coalesce(max(id), 0) from run_answers

-- name: over
select run_id, outcome from runs
where run_id in (select value from json_each(?)) and outcome in ('succeeded', 'failed', 'stopped')

-- name: by actor
select run_id from hosted_runs where host = ? and json_extract(setting, '$.actor') = ?
