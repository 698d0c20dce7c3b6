# Where LocalStack is installed and kept, and how it is reached: sourced by the scripts beside this file.
# LOCALSTACK_PORT  its port (4566)            LOCALSTACK_ENGINE  process or docker; without it whichever can be had
# TRAILBUS_CACHE   folder outside git (~/.cache/trailbus)
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
version=4.9.2
port=${LOCALSTACK_PORT:-4566}
endpoint=http://127.0.0.1:$port
cache=${TRAILBUS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/trailbus}
state=$cache/localstack-state-$port
log=$state/localstack.log
pid_file=$state/pid
# What is installed is named after what it holds: a changed lock or extension is a new install and never an old one patched.
lock=$here/requirements.lock.txt
hash_of() {
  cat "$@" | cksum | cut -d' ' -f1
}
venv=$cache/localstack-$version-$(hash_of "$lock")
extension=$cache/localstack-extension-$(hash_of "$here"/extension/pyproject.toml "$here"/extension/trailbus_localstack/*.py "$here"/extension/trailbus_localstack/*.mjs)

# Ends with a plain line: 2 for a failure, 3 where this machine has nothing to run LocalStack with.
fail() {
  echo "localstack: $1" >&2
  exit "${2:-2}"
}

# The first Python that LocalStack 4.9.2 was seen to run on (3.11, 3.12) and that can make a virtual environment.
find_python() {
  for python in "${TRAILBUS_PYTHON:-python3.11}" python3.12 python3; do
    if "$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' >/dev/null 2>&1; then
      echo "$python"
      return
    fi
  done
  return 1
}

docker_runs() {
  docker compose version >/dev/null 2>&1 && docker info >/dev/null 2>&1
}

# `process` where a fitting Python is there, else `docker`, else a plain line why neither.
choose_engine() {
  if [ -n "${LOCALSTACK_ENGINE:-}" ]; then echo "$LOCALSTACK_ENGINE"
  elif find_python >/dev/null; then echo process
  elif docker_runs; then echo docker
  else fail 'needs Python 3.11 or 3.12 with its venv module, or a running Docker engine; found neither (on Debian and Ubuntu: apt install python3-venv)' 3
  fi
}

# One at a time: waits for the folder to be free and takes it; one whose owner is gone is taken over. Whoever takes it removes it.
take_lock() {
  mkdir -p "$(dirname -- "$1")"
  until mkdir "$1" 2>/dev/null; do
    owner=$(cat "$1/pid" 2>/dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then rm -rf "$1"; fi
    sleep 0.5
  done
  echo $$ >"$1/pid"
}

is_running() {
  [ -f "$pid_file" ] && kill -0 "$(cat "$pid_file")" 2>/dev/null
}

# The health page; asked by Node, which is there anyway where curl may not be.
is_healthy() {
  node -e 'fetch(process.argv[1] + "/_localstack/health", { signal: AbortSignal.timeout(2000) }).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))' "$endpoint"
}
