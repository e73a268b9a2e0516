-- name: old messages
select id from intake where handled = 1 and seen_at < :before and not exists (
    select 1 from alerts a where a.status = 'firing'
    and a.episode = substr(intake.key, 1, length(intake.key) - length(intake.status) - 1)
) order by id limit :limit

-- name: forget message
delete from intake where id = :id

-- name: forget refusals
delete from refusals where at < :before

-- name: forget audit
delete from audit where at < :before
