#!/bin/bash
# import-tenant.sh TENANT: loads backups/tenant-TENANT/ into the new database newsletter_import.
set -euo pipefail
cd "$(dirname "$0")/.."
tenant=${1:?usage: import-tenant.sh TENANT}
case $tenant in *[!0-9]*) echo "a tenant is a number" >&2; exit 2 ;; esac
folder=backups/tenant-$tenant
[ -f "$folder/campaigns.csv" ] || { echo "no export in $folder: ./scripts/export-tenant.sh $tenant" >&2; exit 1; }
docker-compose exec -T postgres createdb -U postgres newsletter_import
docker-compose exec -T postgres pg_dump -U postgres --schema-only --no-owner newsletter |
  docker-compose exec -T postgres psql -U postgres -d newsletter_import -qX -v ON_ERROR_STOP=1 >/dev/null
for table in tenants subscribers campaigns; do
  docker-compose exec -T postgres psql -U postgres -d newsletter_import -X -v ON_ERROR_STOP=1 \
    -c "COPY $table FROM STDIN WITH (FORMAT csv, HEADER)" <"$folder/$table.csv"
done
