-- name: events
delete from run_events where run_id = :run_id

-- name: requests
delete from run_requests where run_id = :run_id

-- name: answers
delete from run_answers where run_id = :run_id

-- name: hosted
delete from hosted_runs where run_id = :run_id

-- name: run
delete from runs where run_id = :run_id
