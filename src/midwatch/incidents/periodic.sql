-- name: last
select max(due_at) from ticks where name = :name

-- name: tick
insert into ticks (name, due_at, at, missed, incident_id) values (:name, :due_at, :at, :missed, :incident)
