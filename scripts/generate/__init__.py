"""Generated files: `make generate` writes them, `make check` names those that are not current."""
