-- name: marks
select payload from run_events where run_id = ? and kind = 'undo-began' order by seq desc limit 1

-- name: outcome
select outcome from runs where run_id = ?
