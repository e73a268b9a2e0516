#!/bin/bash
# Restores the newest backup of the store into a database of its own, counts, and drops it again.
set -euo pipefail
cd "$(dirname "$0")/.."
listing=$(docker-compose exec -T newsletter-app aws s3 ls s3://newsletter-backup/database/) || listing=""
newest=$(awk '{print $4}' <<<"$listing" | sort | tail -n 1)
[ -n "$newest" ] || { echo "there is no backup yet: ./scripts/backup.sh" >&2; exit 1; }
copy=$(mktemp)
trap 'rm -f "$copy"; docker-compose exec -T postgres dropdb -U postgres --if-exists restore_test' EXIT
docker-compose exec -T newsletter-app aws s3 cp --only-show-errors "s3://newsletter-backup/database/$newest" - >"$copy"
docker-compose exec -T postgres dropdb -U postgres --if-exists restore_test
docker-compose exec -T postgres createdb -U postgres restore_test
docker-compose exec -T postgres pg_restore -U postgres --no-owner --exit-on-error --dbname restore_test <"$copy"
count() {
  docker-compose exec -T postgres psql -U postgres -d "$1" -qtAX -c "
SELECT (SELECT count(*) FROM tenants) || ' tenants, ' || (SELECT count(*) FROM campaigns) || ' campaigns, '
|| (SELECT count(*) FROM email_events) || ' events'"
}
restored=$(count restore_test)
echo "live:     $(count newsletter)"
echo "restored: $restored ($newest)"
case $restored in
  "0 tenants"*) echo "the backup is empty" >&2; exit 1 ;;
esac
echo "restore ok"
