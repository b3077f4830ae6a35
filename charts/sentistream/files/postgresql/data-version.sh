# Ends with 1, before anything is written, if the database in $PGDATA is of another major version than the image's server.
[ -f "$PGDATA/PG_VERSION" ] || exit 0 # a new volume
found=$(cat "$PGDATA/PG_VERSION")
server=$(postgres --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
[ "$found" = "$server" ] && exit 0
echo "The volume holds a database of PostgreSQL $found, and this image is PostgreSQL $server, which cannot read it." >&2
echo "Nothing was changed. Set postgresql.image to PostgreSQL $found again and delete this pod;" >&2
echo "docs/operations.md, A newer PostgreSQL, tells how to move the data." >&2
exit 1
