-- name: give
insert into run_approvals (run_id, at, bound, actor, account)
values (:run_id, :at, :bound, :actor, :account)

-- name: given
select at, actor, account from run_approvals where run_id = ? and bound = ? order by id
