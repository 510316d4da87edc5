#!/usr/bin/env bash
# Runs an image as a careful operator would, and fails unless it is small, becomes healthy, and stops by itself.
set -euo pipefail

image="$1"
bytes_max=$((250 * 1000 * 1000))
bytes="$(docker image inspect --format '{{.Size}}' "$image")"
echo "$image has $bytes bytes"
((bytes <= bytes_max)) || { echo "at most $bytes_max are allowed"; exit 1; }

container="$(docker run --detach --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
  --env CCLOAD_PASS=a-password-for-a-trial --env CCLOAD_AUTH=a-token "$image")"
trap 'docker rm --force --volumes "$container" > /dev/null' EXIT

health=starting
for _ in $(seq 60); do
  health="$(docker inspect --format '{{.State.Health.Status}}' "$container")"
  [[ $health == starting ]] || break
  sleep 1
done
[[ $health == healthy ]] || { echo "it is $health"; docker logs "$container"; exit 1; }

[[ $(docker exec "$container" id -u) != 0 ]] || { echo 'it runs as root'; exit 1; }
docker exec "$container" node /opt/ccload/app/ccload.js --version
docker exec "$container" node /opt/ccload/app/ccload.js channels list
docker stop --time 20 "$container" > /dev/null
code="$(docker inspect --format '{{.State.ExitCode}}' "$container")"
[[ $code == 0 ]] || { echo "it ended with $code"; docker logs "$container"; exit 1; }
echo 'it runs, is healthy and stops by itself'
