#!/usr/bin/env bash
# Debian packages that some tests use: system_packages.sh chromium postgresql
# Installs what is missing where it may; never fails, for the tests that need it are then skipped.
set -u

present() {
  case $1 in
    chromium) command -v chromium || command -v chromium-browser || command -v google-chrome ;;
    python3-venv) python3 -c 'import ensurepip, venv' ;;
    postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' || command -v initdb ;;
    *) command -v "$1" ;;
  esac >/dev/null 2>&1
}

wanted=()
for package in "$@"; do present "$package" || wanted+=("$package"); done
[ ${#wanted[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "Not on this machine: ${wanted[*]}; the tests that need it are skipped (on Debian: apt-get install ${wanted[*]})"
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
echo "Installing ${wanted[*]} from Debian's packages …"
log=$(mktemp)
if apt-get -qq update >"$log" 2>&1 </dev/null &&
   apt-get -qq install --no-install-recommends "${wanted[@]}" >>"$log" 2>&1 </dev/null; then
  rm -f "$log"
else
  tail -n 5 "$log"
  echo "Could not install ${wanted[*]} (log: $log); the tests that need it are skipped"
fi
exit 0
