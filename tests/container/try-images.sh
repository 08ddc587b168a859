#!/usr/bin/env bash
# Builds both images with buildah, where there is no Docker engine, and tries what GitHub's workflow
# tries with Docker: nothing but the bundle in them, a user without rights, no shell, a file system that
# cannot be written to, no capability; starts, answers, and ends with 0 when told to. About a minute.
#
# As root, on Linux, with buildah. The base images must be in the store: STORE and RUN name its folders.
#   STORE=/tmp/store RUN=/tmp/run tests/container/try-images.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
buildah=(buildah --storage-driver vfs --root "${STORE:?}" --runroot "${RUN:?}")
port=18080
container=
server=

clean_up() {
  if [ -n "$server" ]; then kill -KILL "$server" 2>/dev/null || true; fi
  if [ -n "$container" ]; then "${buildah[@]}" rm "$container" >/dev/null; fi
}
trap clean_up EXIT

fail() {
  echo "$service: $*" >&2
  exit 1
}

for service in caller receiver; do
  "${buildah[@]}" bud --quiet --isolation chroot --network host --pull-never --layers \
    --file "Dockerfile.$service" --tag "$service" . >/dev/null
  container=$("${buildah[@]}" from --pull-never "localhost/$service")
  root=$("${buildah[@]}" mount "$container")

  user=$("${buildah[@]}" inspect --type image --format '{{.OCIv1.Config.User}}' "localhost/$service")
  [ "$user" = 65532:65532 ] || fail "runs as $user"
  # Paths are from the image's working folder, and there is no way to change into it without a shell.
  read -ra command <<<"$("${buildah[@]}" inspect --type image --format '{{range .OCIv1.Config.Cmd}}{{.}} {{end}}' "localhost/$service")"
  command[-1]=app/${command[-1]}
  files=$(cd "$root" && find app -type f -not -path 'app/dist/compile-cache/*')
  [ "$files" = "app/dist/$service.cjs" ] || fail "holds more than its bundle: $files"
  shells=$(find "$root" -type f \( -name '*sh' -o -name busybox \) -path '*bin/*')
  [ -z "$shells" ] || fail "has a shell: $shells"
  secrets=$(grep -rlE 'BEGIN [A-Z ]*PRIVATE KEY-----[^$]{0,4}[A-Za-z0-9+/]{40}|eyJ[A-Za-z0-9_-]{20,}\.eyJ|ya29\.[A-Za-z0-9_-]{20}|npm_[A-Za-z0-9]{36}' "$root/app" || true)
  [ -z "$secrets" ] || fail "holds a secret: $secrets"

  # Its own mounts: the file system becomes read-only for this process alone.
  env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin PORT=$port NODE_ENV=production \
    NODE_COMPILE_CACHE=/app/dist/compile-cache GCE_METADATA_HOST=127.0.0.1:9 \
    RECEIVER_URL=https://service.invalid AUDIENCES=https://service.invalid \
    ALLOWED_CALLERS=caller@service.invalid TOPIC=events \
    unshare --mount sh -c 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" &&
      exec setpriv --no-new-privs chroot --userspec=65532:65532 --groups= "$0" "$@"' \
    "$root" /nodejs/bin/node "${command[@]}" >/dev/null &
  server=$!
  curl --silent --fail --retry 50 --retry-delay 1 --retry-connrefused --output /dev/null \
    "http://127.0.0.1:$port/health/live" || fail 'does not answer'
  rights=$(grep -E '^(CapPrm|CapEff|CapBnd|Uid|NoNewPrivs)' "/proc/$server/status" | tr -s '\t\n' ' ')
  case $rights in
    *'Uid: 65532 65532 65532 65532 '*'CapPrm: 0000000000000000 CapEff: 0000000000000000'*'NoNewPrivs: 1'*) ;;
    *) fail "has rights: $rights" ;;
  esac
  if nsenter --target "$server" --mount touch "$root/app/x" 2>/dev/null; then fail 'could write'; fi
  kill -TERM "$server"
  wait "$server" || fail "ended with $?"
  server=
  "${buildah[@]}" rm "$container" >/dev/null
  container=
  echo "$service: one bundle, no shell, no secret; ran as 65532 without capabilities on a read-only file system"
done
