#!/usr/bin/env bash
# Runs a single file in an empty folder, as somebody would who has just downloaded it, and fails unless all of it is there.
set -euo pipefail

file="$(cd "$(dirname "$1")" && pwd)/$(basename "$1")"
folder="$(mktemp -d)"
cd "$folder"
export XDG_CACHE_HOME="$folder/cache" PORT="${PORT:-18080}" CCLOAD_PASS=a-password-for-a-trial HOST=127.0.0.1

"$file" --version
"$file" channels list
"$file" > log.txt 2>&1 &
gateway=$!
trap 'kill -9 "$gateway" 2> /dev/null || true; rm -rf "$folder"' EXIT
for _ in $(seq 100); do
  "$file" health > health.txt 2>&1 && break
  sleep 0.2
done
cat health.txt
for path in /ready /web/login /docs/json /docs/swagger-ui-bundle.js; do
  curl --silent --show-error --fail --output /dev/null "http://127.0.0.1:$PORT$path" || { echo "$path is missing"; cat log.txt; exit 1; }
done
kill -TERM "$gateway"
wait "$gateway" || { echo "it ended with $?"; cat log.txt; exit 1; }
[[ -f data/ccload.db ]] || { echo 'it left no database'; exit 1; }
echo 'it runs, serves its pages and stops by itself'
