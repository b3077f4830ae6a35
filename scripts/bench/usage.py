"""Resource usage of processes: processor time, memory, file descriptors."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from sentistream_local.program import Program


@dataclass(frozen=True, slots=True)
class CpuTimes:
    """Processor seconds of user and system since the processes began, by name."""

    by_process: Mapping[str, float]
    main_threads: Mapping[str, float]
    """The share of each process's first thread, in which a service's event loop runs."""

    @classmethod
    def now(cls, programs: Mapping[str, Program]) -> "CpuTimes":
        return cls(
            {name: cpu_seconds(program.pid) for name, program in programs.items()},
            {name: _main_thread_seconds(program.pid) for name, program in programs.items()},
        )

    def since(self, earlier: "CpuTimes") -> "CpuTimes":
        return CpuTimes(
            {name: seconds - earlier.by_process[name] for name, seconds in self.by_process.items()},
            {name: seconds - earlier.main_threads[name] for name, seconds in self.main_threads.items()},
        )

    @property
    def total(self) -> float:
        return sum(self.by_process.values())


def cpu_seconds(pid: int) -> float:
    """Processor seconds of the process and its descendants, including those that have ended."""
    process = psutil.Process(pid)
    own = process.cpu_times()
    return own.user + own.system + own.children_user + own.children_system + sum(_children_seconds(process))


def _children_seconds(process: psutil.Process) -> list[float]:
    """PostgreSQL's connections are processes, and come and go."""
    found = []
    for child in process.children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue  # counted with its parent's from now on
        found.append(times.user + times.system)
    return found


def _main_thread_seconds(pid: int) -> float:
    return sum(thread.user_time + thread.system_time for thread in psutil.Process(pid).threads() if thread.id == pid)


def memory_bytes(pid: int) -> int:
    """Resident memory; of a process with children, what they share is counted once (proportional set size)."""
    process = psutil.Process(pid)
    children = process.children(recursive=True)
    if not children:
        return int(process.memory_info().rss)
    return sum(_proportional_bytes(each) for each in (process, *children))


def _proportional_bytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except psutil.NoSuchProcess:
        return 0


def peak_memory_bytes(pid: int) -> int:
    """The largest resident memory since the process began (VmHWM, see proc_pid_status(5))."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def open_files(pid: int) -> int:
    """File descriptors, those of children included."""
    total = 0
    process = psutil.Process(pid)
    for each in (process, *process.children(recursive=True)):
        try:
            total += each.num_fds()
        except psutil.NoSuchProcess:
            continue
    return total
