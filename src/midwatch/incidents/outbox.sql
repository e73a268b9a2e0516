-- name: due
select id, key, incident_id, person, channel, address, kind, body, created_at, attempts,
    coalesce((select first.receipt from outbox first where first.incident_id = outbox.incident_id
        and first.channel = outbox.channel and first.address = outbox.address
        and first.state = 'sent' and first.receipt <> '' and substr(first.receipt, 1, 7) <> 'bundle ' order by first.id limit 1), '')
from outbox where state in ('waiting', 'sending') and due_at <= :now and channel = :channel
order by case kind when 'page' then 0 when 'reminder' then 1 else 2 end, due_at, id limit :limit

-- name: lately
select address, sent_at from outbox where channel = :channel and state = 'sent' and sent_at > :since
and reason = ''

-- name: hold
update outbox set due_at = :until, reason = :reason where id = :id and state = 'waiting'

-- name: drop
delete from outbox where id = :id and state = 'waiting'

-- name: bundled
update outbox set state = 'sent', sent_at = :now, receipt = :receipt, reason = :reason, follow_at = :follow_at
where id = :id and state in ('waiting', 'sending')

-- name: channels
select distinct channel from outbox where state in ('waiting', 'sending') and due_at <= :now

-- name: stand down
update outbox set state = 'cancelled', reason = 'the incident needs nobody new any more'
where state = 'waiting' and kind in ('page', 'reminder') and due_at <= :now and attempts > 0
and exists (select 1 from incidents i where i.id = outbox.incident_id and (i.status = 'resolved'
    or (i.status = 'acknowledged' and outbox.created_at < i.acknowledged_at)))

-- name: begin
update outbox set state = 'sending', attempts = attempts + 1, due_at = :lease
where id = :id and (state = 'waiting' or (state = 'sending' and due_at <= :now))

-- name: begun
select count(*) from outbox where id = :id and state = 'sending' and due_at = :lease and attempts = :attempts

-- name: sent
update outbox set state = 'sent', sent_at = :now, receipt = :receipt, reason = '', follow_at = :follow_at where id = :id

-- name: to follow
select id, key, incident_id, person, channel, address, kind, body, created_at, attempts, '', receipt, sent_at
from outbox where channel = :channel and follow_at <= :now order by follow_at limit :limit

-- name: follow
update outbox set follow_at = :follow_at where id = :id

-- name: arrived
update outbox set receipt = :receipt, follow_at = null where id = :id

-- name: lost
update outbox set state = 'dead', reason = :reason, follow_at = null where id = :id

-- name: again
update outbox set state = 'waiting', due_at = :due_at, reason = :reason where id = :id

-- name: dead
update outbox set state = 'dead', reason = :reason where id = :id

-- name: replay
update outbox set state = 'waiting', due_at = :now, created_at = :now, attempts = 0, reason = 'sent again by ' || :by
where id = :id and state = 'dead'

-- name: list
select id, key, incident_id, person, channel, address, kind, state, created_at, due_at, attempts, sent_at, receipt, reason
from outbox where (:state = '' or state = :state) and (:incident = '' or incident_id = :incident) order by id desc limit :limit

-- name: end test
update outbox set state = 'cancelled', reason = 'a test that is over: ' || reason
where id = :id and kind = 'test' and state in ('waiting', 'dead')

-- name: pages of
select id, body from outbox where incident_id = :incident and kind = 'page'

-- name: find
select id, key, incident_id, person, channel, address, kind, state, created_at, due_at, attempts, sent_at, receipt, reason
from outbox where id = :id

-- name: untried
select id from outbox where incident_id = :incident and person = :person and kind = 'page'
and state = 'waiting' and attempts = 0 order by due_at, id limit 1

-- name: reached
select count(*) from outbox where incident_id = :incident and person = :person and kind = 'page'
and state = 'sent' and created_at = :created_at and key <> :key

-- name: hasten
update outbox set due_at = :now, reason = :reason where id = :id and state = 'waiting'

-- name: recover
update outbox set due_at = :now, state = 'waiting' where state = 'sending'

-- name: count
select state, count(*) from outbox group by state

-- name: late
select count(*) from outbox where state in ('waiting', 'sending') and due_at < :limit

-- name: bring forward
update outbox set due_at = :now where state = 'waiting' and due_at > :now and created_at > :now
