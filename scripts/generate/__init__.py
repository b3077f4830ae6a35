"""Files that are made from the code: `make generate` writes them, `make check` tells which are not current."""
