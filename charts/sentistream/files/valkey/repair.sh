# Repairs the append-only file, once for each value of $REPAIR: keeps a copy of all of it, and cuts its last part, the one
# that is written to, at the first damaged command. What stood behind that is lost, so nothing does this unasked. Ends with 1
# if that is not possible. The manifest is not given to valkey-check-aof: Valkey 9's does not know its own snapshots.
cd "${DATA:-/data}" || exit 1
[ "$(cat repaired 2>/dev/null)" = "$REPAIR" ] && echo "The repair $REPAIR was done before." && exit 0
last=appendonlydir/$(sed -n 's/^file \(.*\) seq [0-9]* type i.*/\1/p' appendonlydir/appendonly.aof.manifest | tail -n 1)
if [ ! -f "$last" ]; then
  echo "There is no append-only file that could be cut." >&2
  exit 1
elif valkey-check-aof "$last"; then
  echo "The end of the append-only file is not damaged, so nothing was changed."
else
  copy=damaged-$REPAIR
  if ! cp -R appendonlydir "$copy"; then
    rm -rf "$copy"
    echo "The volume has no room for a copy of the damaged file, and without one nothing is cut: enlarge it first." >&2
    exit 1
  fi
  echo y | valkey-check-aof --fix "$last" || exit 1
  echo "The append-only file was cut at its first damaged command. A copy of it as it was is in $copy."
fi
echo "$REPAIR" >repaired
