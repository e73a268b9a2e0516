-- name: of name
select source, fingerprint, started_at, name, status, labels, annotations, link, received_at, ended_at, disposition, reason, incident_id
from alerts where name = :name order by received_at desc limit :limit
