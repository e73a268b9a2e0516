#!/bin/bash
# Makes the cluster at the first start (its role and database have the name in POSTGRES_DB), then
# becomes the server. Arguments are settings for it. Statistics of statements begin after the role has
# its password, which they would show.
set -euo pipefail
if [[ ! -s $PGDATA/PG_VERSION ]]; then
  initdb --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 >/dev/null
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  pg_ctl start --wait --silent -o "-c listen_addresses=''"
  psql --quiet -v ON_ERROR_STOP=1 -v name="$POSTGRES_DB" -v password="$POSTGRES_PASSWORD" postgres <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
GRANT pg_monitor, pg_signal_backend TO :"name";
CREATE DATABASE :"name" OWNER :"name";
\connect :name
CREATE EXTENSION pg_stat_statements;
SQL
  pg_ctl stop --wait --silent
fi
rm -f "$PGDATA/postmaster.pid"
exec postgres -c listen_addresses='*' -c shared_preload_libraries=pg_stat_statements "$@"
