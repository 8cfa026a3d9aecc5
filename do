#!/bin/sh
# ./do demo   runs the main job on the Greater Manchester deal
# ./do test   runs the tests        (./do test --slow runs the long ones too)
# ./do site   builds the public site from the shipped deals and what is in out/, and opens it
# ./do docs   builds the handbook and the API reference as one site, in out/site-docs
# ./do NAME   runs `soke NAME ...` in the same environment; paths are those of the folder you stand in
# A fresh machine needs Python 3.11 or later with venv, or uv. The environment is made once, in .venv.
set -eu
root=$(cd "$(dirname "$0")" && pwd)
venv="$root/.venv"

say() { printf '%s\n' "$*" >&2; }

# A shim may answer for a Python that is not there, so each candidate is run, not just looked for.
find_python() {
  for name in python3 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$name"; return 0
    fi
  done
  return 1
}

make_venv() { # the lock file
  if python=$(find_python) && "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    rm -rf "$venv"
    "$python" -m venv "$venv"
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r "$root/$1"
  elif command -v uv >/dev/null 2>&1; then
    rm -rf "$venv"
    UV_SYSTEM_CERTS=1 uv venv --quiet --python '>=3.11' "$venv"
    UV_SYSTEM_CERTS=1 uv pip install --quiet --python "$venv/bin/python" --require-hashes -r "$root/$1"
  else
    say "Soke needs Python 3.11 or later with venv, or uv, and found neither."
    say "On Debian or Ubuntu: sudo apt-get install python3 python3-venv"
    exit 3
  fi
}

ensure() { # the lock file, and the name of its stamp
  # The test environment holds all that the plain one does: where it is, it is kept, and renewed as such.
  if [ "$2" = run ] && [ -f "$venv/test.stamp" ]; then set -- requirements-test.lock test; fi
  stamp="$venv/$2.stamp"
  sum=$(cat "$root/pyproject.toml" "$root/$1" | cksum)
  if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null || true)" = "$sum" ]; then return 0; fi
  say "Setting up Soke in ${venv##*/}: once, about half a minute..."
  make_venv "$1"
  printf '%s\n' "$sum" > "$stamp" # written last: a set-up cut short is made again
}

soke() { SOKE_TYPED="$0" PYTHONPATH="$root/src" exec "$venv/bin/python" -m soke "$@"; }

run_tests() {
  slow="not slow"
  if [ "${1:-}" = --slow ]; then slow=""; shift; fi
  cd "$root"
  export PYTHONPATH="$root/src"
  "$venv"/bin/ruff check .
  "$venv"/bin/ruff format --check .
  "$venv"/bin/mypy
  # Two workers at least: what two tests would share shows on every machine. `./do test -n 0 ...` has none.
  cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
  if [ "$cores" -lt 2 ]; then cores=2; elif [ "$cores" -gt 8 ]; then cores=8; fi
  "$venv/bin/python" -m pytest -m "$slow" -n "$cores" --dist worksteal "$@"
}

# The site with all that lies here; its runs are those of ./do demo and of ./do run.
build_site() {
  cd "$root"
  set -- --deals deals "$@"
  if [ -d out ]; then set -- --runs out "$@"; fi
  if [ -d out/site-docs ]; then set -- --handbook out/site-docs "$@"; fi
  (soke site build --out out/site "$@")
  for open in xdg-open open; do
    if [ -t 1 ] && command -v "$open" >/dev/null 2>&1; then "$open" out/site/index.html >/dev/null 2>&1 || true; break; fi
  done
}

build_docs() {
  cd "$root"
  export NO_MKDOCS_2_WARNING=1 # the theme's own news
  "$venv/bin/python" -m mkdocs build --quiet --strict --site-dir out/site-docs "$@"
  say "Open $root/out/site-docs/index.html in a browser: it needs no network."
}

case "${1:-help}" in
  demo)
    shift; ensure requirements.lock run; cd "$root"
    (soke run deals/greater-manchester.toml --out out/greater-manchester "$@")
    say "Every place in England, with this deal among them, as a site: $0 site" ;;
  site)
    shift; ensure requirements.lock run
    case "${1:-}" in build | preview | -h | --help) soke site "$@" ;; *) build_site "$@" ;; esac ;;
  test) shift; ensure requirements-test.lock test; run_tests "$@" ;;
  docs) shift; venv="$root/.venv-docs"; ensure requirements-docs.lock docs; build_docs "$@" ;;
  help | -h | --help)
    ensure requirements.lock run
    (soke "$@")
    [ $# -gt 1 ] || echo "$0 demo runs the main job; $0 test checks the code; $0 site builds the public site; $0 docs builds the handbook." ;;
  *) ensure requirements.lock run; soke "$@" ;;
esac
