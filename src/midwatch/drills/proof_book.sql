-- name: tries
select rehearsed.began_at, rehearsed.verdict = 'healed', rehearsed.stable, drills.target
from drill_rehearsals as rehearsed join drills on drills.drill_id = rehearsed.drill_id
where rehearsed.wording = ? and rehearsed.arm = 'midwatch'
    and rehearsed.verdict in ('healed', 'not-healed')
order by rehearsed.began_at desc limit 100

-- name: succeeded
select ended_at, target from runs
where wording = ? and outcome = 'succeeded'
    and run_id not in (select run_id from drill_rehearsals where run_id is not null)
order by ended_at desc limit 1

-- name: before
select max(began_at) from drill_rehearsals
where runbook = ? and procedure = ? and wording <> ? and arm = 'midwatch' and verdict = 'healed'

-- name: known
select count(*) from drill_rehearsals where runbook = ? and arm = 'midwatch'
