#!/usr/bin/env bash
# Carries out the Dockerfile, instruction by instruction, where no Docker engine runs: its stages become folders
# begun from an empty Debian root, and its CMD is started as a container's would be (its user, PID 1 of its own PID
# namespace, no network but lo, read-only root, /data on a volume). Then: HEALTHCHECK, a search, SIGTERM, a second start.
#
#   sudo docker/try-without-docker.sh [BUILD_ARG=VALUE ...]
#   sudo docker/try-without-docker.sh BAKE=1 "PIP_OPTIONS=--extra-index-url URL"
#
# Needs root, debootstrap, iproute2, util-linux and python3. From the environment:
#   WORK    folder to work in, kept afterwards for a look (default /tmp/fawen-docker); its base/ is reused
#   MOUNTS  "FROM[:TO] ..." mounted read-only while the build stage runs: local wheels, a pip.conf, certificates
#   MIRROR  where debootstrap gets Debian (default: its own)
#
# Reads only what this Dockerfile uses: one file or folder or several files to a COPY, no spaces in ENV and ARG values.
set -euo pipefail

# In a mount namespace of its own, so that nothing stays mounted however this ends.
[ -n "${FAWEN_UNSHARED-}" ] || exec env FAWEN_UNSHARED=1 unshare --mount --propagation private "$0" "$@"

repo=$(cd "$(dirname "$0")/.." && pwd)
work=${WORK:-/tmp/fawen-docker}
given=("$@")
say() { printf '\n== %s\n' "$*"; }

# ---- the base image's stand-in, and the build context

mkdir -p "$work"
if [ ! -e "$work/base.done" ]; then
  say "debootstrap in place of python:3.11-slim-bookworm"
  rm -rf "$work/base"
  debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates \
    bookworm "$work/base" ${MIRROR-} >"$work/debootstrap.log"
  ln -s /usr/bin/python3 "$work/base/usr/local/bin/python"
  ln -s /usr/bin/python3 "$work/base/usr/local/bin/python3"
  touch "$work/base.done"
fi
rm -rf "$work"/{context,stage-*,volume,container}
mkdir "$work/context"
# .dockerignore is a list of what is allowed.
sed -n 's/^!//p' "$repo/.dockerignore" |
  tar -C "$repo" --exclude=__pycache__ -c -T - | tar -C "$work/context" -x --no-same-owner

# ---- the instructions

envs=() args=() enter=() user=0 workdir=/ root='' healthcheck='' cmd=''

expand() { env -i "${args[@]}" "${envs[@]}" sh -c "printf %s \"$1\""; }

# What to put before a command to run it in the root $1 as the stage's user, in its environment.
entering() {
  local home
  home=$(awk -F: -v id="$user" '$3 == id { print $6 }' "$1/etc/passwd")
  enter=(chroot --userspec="$user" "$1" /usr/bin/env -i -C "$workdir" HOME="$home" "${envs[@]}")
}

begin_stage() { # IMAGE [AS NAME]
  [ "$1" = python:3.11-slim-bookworm ] || { echo "no stand-in for $1" >&2; exit 1; }
  root=$work/stage-${3:-final} user=0 workdir=/ args=()
  envs=(PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8)
  cp -a "$work/base" "$root"
  mount -t proc proc "$root/proc" && mount -t tmpfs tmpfs "$root/dev/shm"
  [ -n "${3-}" ] || return 0
  local pair from to
  for pair in ${MOUNTS-}; do
    from=${pair%%:*} to=$root${pair#*:}
    mkdir -p "$(dirname "$to")"
    if [ -d "$from" ]; then mkdir -p "$to"; else touch "$to"; fi
    mount --bind "$from" "$to" && mount -o remount,ro,bind "$to"
  done
}

copy() { # [--from=STAGE] SOURCE... TARGET
  local from=$work/context target source
  case $1 in --from=*) from=$work/stage-${1#--from=} && shift ;; esac
  target=${!#}
  [[ $target = /* ]] || target=$workdir/$target
  for source in "${@:1:$#-1}"; do
    if [ -d "$from/$source" ]; then
      mkdir -p "$root$target" && cp -a --no-preserve=ownership "$from/$source/." "$root$target"
    else
      cp -a --no-preserve=ownership "$from/$source" "$root$target"
    fi
  done
}

argument() { # NAME=DEFAULT
  local one value=${1#*=}
  for one in "${given[@]}"; do
    [ "${one%%=*}" != "${1%%=*}" ] || value=${one#*=}
  done
  args+=("${1%%=*}=$value")
}

while read -r word rest; do
  started=$SECONDS
  printf '%s %s\n' "$word" "$rest"
  case $word in
    FROM) begin_stage $rest ;;
    ARG) argument "$rest" ;;
    ENV) for pair in $rest; do envs+=("${pair%%=*}=$(expand "${pair#*=}")"); done ;;
    WORKDIR) workdir=$rest && mkdir -p "$root$workdir" ;;
    USER) user=$rest ;;
    COPY) copy $rest ;;
    RUN)
      entering "$root"
      "${enter[@]}" "${args[@]}" sh -c "$rest" </dev/null
      echo "   ($((SECONDS - started)) s)"
      ;;
    HEALTHCHECK) healthcheck=${rest#*CMD } ;;
    CMD) cmd=$rest ;;
    VOLUME | EXPOSE) ;;
    *) echo "not understood: $word" >&2 && exit 1 ;;
  esac
done < <(sed -e '/^#/d' -e '/^$/d' -e ':join' -e '/\\$/{N;s/\\\n */ /;b join' -e '}' "$repo/Dockerfile")
umount "$root/proc" "$root/dev/shm"
say "image: $(du -xsm "$root" | cut -f1) MB, of which base $(du -xsm "$work/base" | cut -f1) MB"

# ---- a container

argv() { python3 -c 'import json, sys; print(*json.loads(sys.argv[1]), sep="\0", end="\0")' "$1"; }
mapfile -d '' -t cmd_argv < <(argv "$cmd")
mapfile -d '' -t health_argv < <(argv "$healthcheck")

cp -a "$root/data" "$work/volume" # as a new named volume takes over what the image has there
mkdir "$work/container"
mount --bind "$root" "$work/container"
mount -o remount,ro,bind "$work/container"
mount --bind "$work/volume" "$work/container/data"
mount -t tmpfs tmpfs "$work/container/tmp" && mount -t tmpfs tmpfs "$work/container/dev/shm"
root=$work/container launcher='' server=''
entering "$root"
trap '[ -z "$server" ] || kill -KILL "$server"' EXIT

begin() {
  unshare --net --pid --fork --mount bash -c 'ip link set lo up && mount -t proc proc "$0/proc" && exec "$@"' \
    "$root" "${enter[@]}" "${cmd_argv[@]}" &
  launcher=$!
  local from=$EPOCHREALTIME
  while server=$(cat "/proc/$launcher/task/$launcher/children") && [ -z "$server" ]; do sleep 0.01; done
  server=${server% }
  until attach "${health_argv[@]}" 2>/dev/null; do
    if ! kill -0 "$launcher" || [ "$SECONDS" -gt "$deadline" ]; then
      echo "never became healthy" >&2
      exit 1
    fi
  done
  echo "healthy (HEALTHCHECK exit 0) after $(since "$from") s"
}

# As docker exec does: in the container's namespaces, as its user.
attach() { nsenter --target "$server" --net --pid --mount "${enter[@]}" "$@"; }

since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }'; }

end() {
  local from=$EPOCHREALTIME status=0
  kill -TERM "$server"
  wait "$launcher" || status=$?
  server=''
  echo "SIGTERM: exit status $status after $(since "$from") s"
  [ "$status" = 0 ]
}

deadline=$((SECONDS + 300))
say "first start: ${cmd_argv[*]}"
begin
awk '/^Name|^Uid|^NSpid|^VmRSS/ { print "server", $1, $2, $3 }' "/proc/$server/status"
[ "$(awk '/^Uid/ { print $2 }' "/proc/$server/status")" != 0 ]
echo "network: $(nsenter --target "$server" --net ip -brief address | tr '\n' ' ')"
[ "$(nsenter --target "$server" --net ip -brief link | wc -l)" = 1 ]
attach python -c '
import json, urllib.request
body = json.dumps({"query": "各院整改措施有多少条", "top_k": 3}).encode()
request = urllib.request.Request("http://127.0.0.1:8000/api/search", body, {"Content-Type": "application/json"})
with urllib.request.urlopen(request, timeout=10) as reply:
    hits = json.load(reply)["hits"]
    print("POST /api/search:", reply.status)
assert hits
for hit in hits:
    print(" ", hit["rank"], hit["score"], hit["citation"]["court"], hit["text"][:40])
for path in ("/", "/docs", "/static/fawen.css"):
    with urllib.request.urlopen("http://127.0.0.1:8000" + path, timeout=10) as reply:
        print("GET", path, reply.status, len(reply.read()), "bytes")'
attach fawen check
generation=$(cat "$work/volume/index/CURRENT")
end

say "second start, the volume as the first left it"
begin
[ "$(cat "$work/volume/index/CURRENT")" = "$generation" ]
end
say "done; what was made is in $work"
