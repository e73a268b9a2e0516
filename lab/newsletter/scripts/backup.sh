#!/bin/bash
# Dumps the database, reads the dump again to see that it is whole, and keeps it in the store.
set -euo pipefail
cd "$(dirname "$0")/.."
name=newsletter-$(date +%Y%m%d-%H%M%S).dump
mkdir -p backups
trap 'rm -f "backups/$name.part"' EXIT
docker-compose exec -T postgres pg_dump -U postgres --format=custom newsletter >"backups/$name.part"
docker-compose exec -T postgres pg_restore --list <"backups/$name.part" >/dev/null
mv "backups/$name.part" "backups/$name"
docker-compose exec -T newsletter-app aws s3 cp --only-show-errors - "s3://newsletter-backup/database/$name" <"backups/$name"
here=$(stat --format=%s "backups/$name")
there=$(docker-compose exec -T newsletter-app aws s3api head-object --bucket newsletter-backup --key "database/$name" | jq .ContentLength)
[ "$here" = "$there" ] || { echo "the store has $there of $here bytes" >&2; exit 1; }
echo "kept $name, $here bytes"
