-- name: accept
insert into intake (key, received_at, seen_at, expires_at, source, fingerprint, started_at, status, name, body)
values (:key, :at, :at, :expires_at, :source, :fingerprint, :started_at, :status, :name, :body)
on conflict (key) do update set seen_at = excluded.seen_at, expires_at = excluded.expires_at

-- name: refuse
insert into refusals (at, source, reason, size, sample) values (:at, :source, :reason, :size, :sample)

-- name: refused
select at, source, reason, size, sample from refusals order by id desc limit :limit

-- name: waiting
select id, received_at, source, fingerprint, started_at, status, name, expires_at, body
from intake where handled = 0 order by id limit :limit

-- name: handled
update intake set handled = 1 where id = :id

-- name: add episode
insert into alerts (episode, source, fingerprint, started_at, name, status, labels, annotations, link, received_at, ended_at, incident_id, disposition, reason)
values (:episode, :source, :fingerprint, :started_at, :name, :status, :labels, :annotations, :link, :received_at, :ended_at, :incident_id, :disposition, :reason)
on conflict (episode) do update set incident_id = excluded.incident_id, disposition = excluded.disposition, reason = excluded.reason

-- name: end episode
update alerts set status = 'resolved', ended_at = :ended_at where episode = :episode

-- name: episode
select status, incident_id, disposition, ended_at from alerts where episode = :episode

-- name: end told
update intake set key = key || :mark where key = :episode || '/resolved'

-- name: firing over
update alerts set episode = episode || :mark where episode = :episode

-- name: starts
select count(*) from alerts where fingerprint = :fingerprint and source = :source and started_at > :since
and disposition <> 'stale'

-- name: firing labels
select a.labels from alerts a left join incidents i on i.id = a.incident_id
where a.status = 'firing' and a.disposition <> 'inhibited' and (i.status is null or i.status <> 'resolved')

-- name: firing of incident
select count(*) from alerts where incident_id = :incident and status = 'firing'

-- name: last joined
select max(received_at) from alerts where incident_id = :incident

-- name: expired
select a.episode from alerts a join intake i on i.key = a.episode || '/firing'
where a.status = 'firing' and i.expires_at is not null and i.expires_at <= :now limit :limit

-- name: held back
select source, fingerprint, started_at, name, labels, annotations, link, received_at
from alerts where status = 'firing' and disposition = :disposition and episode > :after order by episode limit :limit

-- name: of incident
select source, fingerprint, started_at, name, status, labels, annotations, link, received_at, ended_at, disposition, reason
from alerts where incident_id = :incident order by received_at limit :limit

-- name: by name
select name, count(*) from alerts where incident_id = :incident group by name order by count(*) desc limit :limit

-- name: firing in open incidents
select a.labels, a.started_at from alerts a join incidents i on i.id = a.incident_id
where a.status = 'firing' and i.status <> 'resolved' and i.urgency = 'page'
