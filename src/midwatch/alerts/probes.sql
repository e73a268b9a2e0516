-- name: looked
select probe, at, said from probe_looks

-- name: standing
select fingerprint, since, started_at, labels, said, firing from probe_states where probe = :probe

-- name: forget
delete from probe_states where probe = :probe

-- name: keep
insert into probe_states (probe, fingerprint, since, started_at, labels, said, firing)
values (:probe, :fingerprint, :since, :started_at, :labels, :said, :firing)

-- name: look
insert into probe_looks (probe, at, said) values (:probe, :at, :said)
on conflict (probe) do update set at = excluded.at, said = excluded.said

-- name: forget look
delete from probe_looks where probe = :probe
