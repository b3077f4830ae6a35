"""How many cores this process may use: the pod's CPU limit, not the number of cores of the host."""

import math
import os
from pathlib import Path


def cpu_limit(root: Path = Path("/")) -> int:
    """Return the least of the CPU affinity and the cgroup quotas, rounded up; at least 1.

    Quotas are those of the kernel's cgroup v2 (`cpu.max`) and v1 (`cpu.cfs_quota_us`) interfaces,
    of the process's own group and every group above it. A file that cannot be read is no limit.
    `root` is the folder that contains `proc` and `sys`.
    """
    limits = [float(_affinity()), *_quotas_v2(root), *_quotas_v1(root)]
    return max(1, math.ceil(min(limits)))


def _affinity() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        return os.cpu_count() or 1


def _quotas_v2(root: Path) -> list[float]:
    quotas = []
    for folder in _groups(root / "sys/fs/cgroup", _own_group(root, "")):
        match _words(folder / "cpu.max"):
            case [quota, period] if quota.isdecimal() and period.isdecimal():
                quotas.append(int(quota) / int(period))
    return quotas


def _quotas_v1(root: Path) -> list[float]:
    quotas = []
    for mount in ("cpu", "cpu,cpuacct"):
        for folder in _groups(root / "sys/fs/cgroup" / mount, _own_group(root, "cpu")):
            quota = _words(folder / "cpu.cfs_quota_us")
            period = _words(folder / "cpu.cfs_period_us")
            # A quota of -1 means no limit.
            if quota and period and quota[0].isdecimal() and period[0].isdecimal():
                quotas.append(int(quota[0]) / int(period[0]))
    return quotas


def _own_group(root: Path, controller: str) -> str:
    """The process's cgroup, relative to the mount; an empty `controller` selects that of version 2."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return ""
    for line in lines:
        _, controllers, group = line.split(":", 2)
        if controller in controllers.split(","):
            return group.strip("/")
    return ""


def _groups(mount: Path, own: str) -> list[Path]:
    """The folders from the mount (in a container, its own group) down to the group `own`."""
    parts = [part for part in own.split("/") if part not in ("", "..")]
    return [mount.joinpath(*parts[:depth]) for depth in range(len(parts) + 1)]


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except OSError:
        return []
