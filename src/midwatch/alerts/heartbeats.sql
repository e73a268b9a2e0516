-- name: beat
insert into heartbeats (name, at, by_whom) values (:name, :at, :by)
on conflict (name) do update set at = excluded.at, by_whom = excluded.by_whom

-- name: list
select name, at, by_whom from heartbeats order by name
