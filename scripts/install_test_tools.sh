#!/usr/bin/env bash
# Install what the tests run besides Python and Node packages: Chromium, Redis 7 as a second broker, PgBouncer, promtool for the alerts.
# Only on Debian and its relatives, and only what is missing; elsewhere the tests that need them say that they skip.
set -euo pipefail

missing=()
command -v chromium >/dev/null || missing+=(chromium)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v promtool >/dev/null || missing+=(prometheus) # its promtool checks and tests the alerts
command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || missing+=(pgbouncer)
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! sudo -n true 2>/dev/null; then
    echo "Not installed, for want of root: ${missing[*]}. The tests that need them are skipped."
    exit 0
  fi
  as_root=(sudo -n)
fi
if ! command -v apt-get >/dev/null; then
  echo "Not installed, for want of apt-get: ${missing[*]}. The tests that need them are skipped."
  exit 0
fi

echo "Installing ${missing[*]} ..."
"${as_root[@]}" apt-get update -qq
# The tests start servers of their own: Debian's must not begin to run on this machine.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod +x "$policy"
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
