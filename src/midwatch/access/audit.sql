-- name: add
insert into audit (at, actor, action, thing, outcome) values (:at, :actor, :action, :thing, :outcome)

-- name: list
select id, at, actor, action, thing, outcome from audit where id < :before order by id desc limit :limit
