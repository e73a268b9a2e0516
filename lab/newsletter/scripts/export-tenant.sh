#!/bin/bash
# export-tenant.sh TENANT: the rows of one tenant, a CSV file a table, in backups/tenant-TENANT/.
set -euo pipefail
cd "$(dirname "$0")/.."
tenant=${1:?usage: export-tenant.sh TENANT}
case $tenant in *[!0-9]*) echo "a tenant is a number" >&2; exit 2 ;; esac
folder=backups/tenant-$tenant
mkdir -p "$folder"
rows() {
  docker-compose exec -T postgres psql -U newsletter -d newsletter -qX -v ON_ERROR_STOP=1 \
    -c "COPY ($2) TO STDOUT WITH (FORMAT csv, HEADER)" >"$folder/$1.csv.part"
  mv "$folder/$1.csv.part" "$folder/$1.csv"
  echo "$folder/$1.csv: $(($(wc -l <"$folder/$1.csv") - 1)) rows"
}
rows tenants "SELECT * FROM tenants WHERE id = $tenant"
rows subscribers "SELECT * FROM subscribers WHERE tenant_id = $tenant"
rows campaigns "SELECT * FROM campaigns WHERE tenant_id = $tenant"
