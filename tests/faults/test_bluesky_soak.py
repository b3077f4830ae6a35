"""The Bluesky source while its broker is filled, refuses writes, is killed and comes back, for some seconds."""

from pathlib import Path

from support.bluesky_soak import soak


async def test_nothing_is_lost_or_doubled_and_the_cursor_never_goes_back(tmp_path: Path) -> None:
    result = await soak(tmp_path, seconds=12, rate=400, pause=1.0)
    assert all(result.faults.values()), "a fault did not strike"
    assert (result.lost, result.doubled, result.cursor_went_back) == (0, 0, 0)
