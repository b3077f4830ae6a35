"""Some fields of every entry of a stream, read by the broker, so that no process has to hold entries of any size."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final

from redis.asyncio import Redis

_ENTRIES: Final = 1_000

_PAGE: Final = """
local from, to, most, longest = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local wanted = {}
for i = 5, #ARGV do wanted[ARGV[i]] = true end
local page, read = {}, 0
while #page < most and read < 1048576 do
  local found = redis.call('XRANGE', KEYS[1], from, to, 'COUNT', 1)[1]
  if not found then return {'', page} end
  local fields = {}
  for i = 1, #found[2], 2 do
    local name, value = found[2][i], found[2][i + 1]
    read = read + #name + #value
    if wanted[name] then
      fields[#fields + 1] = name
      fields[#fields + 1] = value:sub(1, longest)
    end
  end
  page[#page + 1] = {found[1], fields}
  from = '(' .. found[1]
end
return {from, page}
"""
"""KEYS: the stream. ARGV: first and last entry id; entries at most; bytes of a value at most; the fields' names.

Returns where to go on, or an empty string at the end, and the entries. A call reads a bounded number of entries and
bytes, one entry more at most, so that nobody waits long for the broker.
"""


async def field_pages(
    redis: Redis, stream: str, names: Sequence[str], *, end: str = "+", value_bytes: int = 100
) -> AsyncIterator[Sequence[tuple[str, Mapping[bytes, bytes]]]]:
    """Entry ids up to `end` and those of the named fields that they have, oldest first, in pages of 1,000 at most.

    Values are cut at `value_bytes`. A page takes no more memory than 1,000 times those of its fields, whatever the
    stream holds.
    """
    start = "-"
    while start:
        reply: Any = await redis.eval_ro(_PAGE, 1, stream, start, end, _ENTRIES, value_bytes, *names)
        start = reply[0].decode()
        page = [(entry_id.decode(), dict(zip(fields[::2], fields[1::2], strict=True))) for entry_id, fields in reply[1]]
        if page:
            yield page
