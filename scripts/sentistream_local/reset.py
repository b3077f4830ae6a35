"""`make reset`: delete the data and logs of `make run`."""

import argparse
import shutil
import sys
from pathlib import Path

from sentistream_local.data_folder import PID_FILES, locked
from sentistream_local.guardian import end_left_behind
from sentistream_local.program import StartError


def main() -> None:
    parser = argparse.ArgumentParser(prog="make reset", description="Deletes the data and logs of `make run`.")
    parser.add_argument("--data", type=Path, required=True, help="the folder that `make run` was given")
    folder: Path = parser.parse_args().data.resolve()
    if not folder.exists():
        print(f"There is no {folder}.")
        return
    if not (folder / "versions.json").exists():
        print(f"{folder} is no data folder of SentiStream; nothing was deleted.", file=sys.stderr)
        raise SystemExit(1)
    try:
        with locked(folder, check_versions=False):
            end_left_behind(folder / PID_FILES, print)
            for child in folder.iterdir():
                if child.is_symlink():
                    shutil.rmtree(child.resolve(), ignore_errors=True)
                    child.unlink()
                elif child.is_dir():
                    shutil.rmtree(child)
                else:
                    child.unlink()
            folder.rmdir()
    except StartError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None
    print(f"Deleted {folder}.")


if __name__ == "__main__":
    main()
