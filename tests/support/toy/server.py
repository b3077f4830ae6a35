"""What the toy source reads."""

import asyncio
from dataclasses import dataclass, field


@dataclass
class Lines:
    """A server that pushes numbered lines after the number that it is asked for."""

    last: int = 10**9
    pause_seconds: float = 0.0
    """After each ten lines."""
    padding: str = ""
    asked: list[int] = field(default_factory=list)
    sent: int = 0
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append(int(await reader.readline()))
        try:
            for number in range(self.asked[-1] + 1, self.last + 1):
                text = "" if number % 100 == 0 else f"line {number}{self.padding}"
                writer.write(f"{number} {text}\n".encode())
                if number % 10 == 0:
                    await writer.drain()
                    self.sent = number
                    await asyncio.sleep(self.pause_seconds)
        except OSError:
            pass  # the reader was killed
        finally:
            writer.close()
