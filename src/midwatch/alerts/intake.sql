-- name: latest
select i.started_at, i.status, i.expires_at, a.status, n.status from intake i
left join alerts a on a.episode = substr(i.key, 1, length(i.key) - length(i.status) - 1)
left join incidents n on n.id = a.incident_id
where i.source = :source and i.fingerprint = :fingerprint order by i.id desc limit 1

-- name: refused
select id, at, source, reason, size, sample from refusals where (:source = '' or source = :source)
order by id desc limit :limit

-- name: lapse intake
update intake set key = key || :mark, handled = 1 where key = :key

-- name: lapse alert
update alerts set episode = episode || :mark where episode = :episode

-- name: waiting count
select count(*) from intake where handled = 0

-- name: oldest waiting
select min(received_at) from intake where handled = 0

-- name: firing count
select count(*) from alerts where status = 'firing'

-- name: incident of
select i.handled, a.incident_id from intake i
left join alerts a on a.episode = substr(i.key, 1, length(i.key) - length(i.status) - 1)
where i.source = :source and i.fingerprint = :fingerprint and i.status = 'firing' order by i.id desc limit 1
