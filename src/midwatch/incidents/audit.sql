-- name: late incidents
select id, coalesce(next_at, '') from incidents
where status <> 'resolved' and urgency = 'page' and next_at is not null and next_at < :limit order by next_at limit 20

-- name: incidents without a next step
select id from incidents where status <> 'resolved' and urgency = 'page' and next_at is null limit 20

-- name: late messages
select id, channel, person, due_at from outbox
where state in ('waiting', 'sending') and due_at < :limit order by due_at limit 20

-- name: late alerts
select count(*), min(received_at) from intake where handled = 0 and received_at < :limit

-- name: late runs
select key, created_at from run_orders where state in ('waiting', 'starting') and created_at < :limit limit 20

-- name: dead letters
select id, channel, person, reason from outbox
where state = 'dead' and kind = 'page' and exists (select 1 from incidents i where i.id = outbox.incident_id
    and (i.status = 'open' or (i.status = 'acknowledged' and outbox.created_at >= i.acknowledged_at))) limit 20

-- name: nobody told
select i.id from incidents i where i.status = 'open' and i.urgency = 'page' and i.opened_at < :limit
and not exists (select 1 from outbox o where o.incident_id = i.id and o.state = 'sent') limit 20
