-- name: give
insert into run_answers (run_id, at, bound, said, note, actor, account, taken)
values (:run_id, :at, :bound, :said, :note, :actor, :account, 0)

-- name: given
select id, at, said, note, actor, account from run_answers
where run_id = ? and bound = ? and not taken order by id

-- name: take
update run_answers set taken = 1 where id = ?
