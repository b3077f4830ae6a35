"""From the working tree to a tag: `make release` prepares a version; .github/workflows/release.yaml publishes it."""
