"""Signals that ask a supervisor for an end in order."""

import signal


def asking_to_end() -> list[signal.Signals]:
    """Ctrl-C, a plain `kill`, and a terminal that closes, unless the process was started with `nohup`.

    Ctrl-C is asked for even where it is ignored, as shells have it for processes in the background.
    """
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    return numbers
