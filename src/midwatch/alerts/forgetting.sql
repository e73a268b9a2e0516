-- name: old messages
select id from intake where handled = 1 and seen_at < :before and not exists (
    select 1 from alerts a left join incidents i on i.id = a.incident_id
    where a.status = 'firing' and (i.status is null or i.status <> 'resolved')
    and a.episode = substr(intake.key, 1, length(intake.key) - length(intake.status) - 1)
) order by id limit :limit

-- name: forget message
delete from intake where id = :id

-- name: forget refusals
delete from refusals where at < :before

-- name: forget audit
delete from audit where at < :before

-- name: end unheard
update alerts set status = 'resolved', ended_at = :now
where status = 'firing' and incident_id in (select id from incidents where status = 'resolved' and resolved_at < :before)
and not exists (select 1 from intake where key = alerts.episode || '/firing' and seen_at >= :before)

-- name: forget never started
delete from alerts where disposition = 'stale' and status = 'resolved' and incident_id is null and received_at < :before

-- name: forget ticks
delete from ticks where at < :before and due_at < (select max(later.due_at) from ticks later where later.name = ticks.name)
