-- name: silences
select id, created_at, created_by, reason, matchers, starts_at, ends_at from silences where ends_at > :now and told = 0 order by ends_at

-- name: add silence
insert into silences (id, created_at, created_by, reason, matchers, starts_at, ends_at)
values (:id, :created_at, :created_by, :reason, :matchers, :starts_at, :ends_at)

-- name: end silence
update silences set ends_at = :now where id = :id and ends_at > :now

-- name: over and untold
select id, created_at, created_by, reason, matchers, starts_at, ends_at from silences where ends_at <= :now and told = 0

-- name: told
update silences set told = 1 where id = :id

-- name: known
select 1 from silences where id = :id
