-- name: new drill
insert into drills (drill_id, started_at, faults, target, seed, seeds, arms, planned)
values (:drill_id, :at, :faults, :target, :seed, :seeds, :arms, :planned)

-- name: end drill
update drills set ended_at = :at, outcome = :outcome where drill_id = :drill_id

-- name: drills
select drill_id, started_at, faults, target, seed, seeds, arms, planned, ended_at, outcome
from drills order by started_at desc, rowid desc limit ?

-- name: find
select drill_id from drills where drill_id like '%' || :text escape '\'
order by drill_id = :text desc, started_at desc limit 5

-- name: drill
select drill_id, started_at, faults, target, seed, seeds, arms, planned, ended_at, outcome
from drills where drill_id = ?

-- name: counts
select count(*), coalesce(sum(verdict = 'healed'), 0)
from drill_rehearsals where drill_id = ? and verdict in ('healed', 'not-healed')

-- name: new rehearsal
insert into drill_rehearsals
    (drill_id, number, began_at, fault, arm, seed, runbook, procedure, wording, plan)
values
    (:drill_id, :number, :at, :fault, :arm, :seed, :runbook, :procedure, :wording, :plan)

-- name: rehearsals
select number, began_at, plan from drill_rehearsals where drill_id = ? order by number

-- name: judged
update drill_rehearsals set verdict = :verdict, stable = :stable
where drill_id = :drill_id and number = :number

-- name: runs
update drill_rehearsals set run_id = :run_id where drill_id = :drill_id and number = :number

-- name: over
update drill_rehearsals set ended_at = :at where drill_id = :drill_id and number = :number

-- name: event
insert into drill_events (drill_id, number, seq, at, seconds, kind, detail)
values (:drill_id, :number, :seq, :at, :seconds, :kind, :detail)

-- name: events
select seconds, kind, detail from drill_events
where drill_id = ? and number = ? order by seq

-- name: look
insert into drill_looks (drill_id, number, seq, seconds, ok, why)
values (:drill_id, :number, :seq, :seconds, :ok, :why)

-- name: looks
select seconds, ok, why from drill_looks where drill_id = ? and number = ? order by seq

-- name: left
select drill_id, number from drill_events as began
where kind = 'injecting' and not exists (
    select 1 from drill_events as ended
    where ended.drill_id = began.drill_id and ended.number = began.number
        and ended.kind in ('whole', 'left-broken')
)
order by at
