"""Prepare a release, or answer what the release workflow asks of a tag."""

import argparse
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from release import base_images, changelog, prepare
from release.error import ReleaseError
from release.version import Version, current

_ROOT = Path(__file__).parents[2]


def main() -> None:
    arguments = _arguments()
    try:
        arguments.run(arguments)
    except ReleaseError as error:
        print(f"release: {error}", file=sys.stderr)
        raise SystemExit(1) from error


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m release", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser(
        "prepare", help="bring the working tree to a new version (make release VERSION=0.2.0)"
    )
    command.add_argument("version", metavar="VERSION", help="three numbers, such as 0.2.0")
    command.add_argument("--dry-run", action="store_true", help="check everything and say what would be done")
    command.set_defaults(run=_prepare)
    command = commands.add_parser("check", help="exit status 1 unless a tag may be published as it is")
    command.add_argument("tag", metavar="TAG", help="such as v0.2.0")
    command.set_defaults(run=_check)
    command = commands.add_parser("notes", help="print what CHANGELOG.md says of a version")
    command.add_argument("version", metavar="VERSION")
    command.add_argument("--base", default="", metavar="URL", help="what links to files of the project begin with")
    command.set_defaults(run=_notes)
    command = commands.add_parser(
        "base-images", help="bring the digests of the base images up to date (make base-images)"
    )
    command.set_defaults(run=_base_images)
    return parser.parse_args()


def _prepare(arguments: argparse.Namespace) -> None:
    planned = prepare.plan(_ROOT, Version.parse(arguments.version), datetime.now(tz=UTC).date())
    print(*prepare.report(planned), sep="\n")
    if arguments.dry_run:
        print("Dry run: nothing was written. It would write", *planned.texts, "and what is generated from them.")
        return
    prepare.carry_out(_ROOT, planned, _generate)
    print(prepare.next_steps(planned.version))


def _generate() -> None:
    if subprocess.run([sys.executable, "-m", "generate"], cwd=_ROOT, check=False).returncode:
        raise ReleaseError("generated files could not be written, see above. `git checkout .` takes everything back")


def _check(arguments: argparse.Namespace) -> None:
    version = Version.parse(arguments.tag.removeprefix("v"))
    if current(_ROOT) != version or arguments.tag != version.tag:
        raise ReleaseError(f"the tag {arguments.tag} is on a commit of version {current(_ROOT)}")
    changelog.notes((_ROOT / "CHANGELOG.md").read_text(), version)
    if undigested := base_images.undigested(base_images.read(_ROOT)):
        raise ReleaseError(f"without a digest in {base_images.SOURCE}: {', '.join(undigested)}. Run `make base-images`")


def _notes(arguments: argparse.Namespace) -> None:
    print(
        changelog.notes((_ROOT / "CHANGELOG.md").read_text(), Version.parse(arguments.version), arguments.base), end=""
    )


def _base_images(_: argparse.Namespace) -> None:
    images = base_images.renewed(base_images.read(_ROOT), base_images.digest_from_registry)
    (_ROOT / base_images.SOURCE).write_text(base_images.with_images((_ROOT / base_images.SOURCE).read_text(), images))
    _generate()


if __name__ == "__main__":
    main()
