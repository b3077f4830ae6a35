"""The schema, version by version; applied by `sentistream migrate`."""
