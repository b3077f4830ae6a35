"""Selected fields of all entries of a stream. The broker selects them, because whole entries may have any size."""

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

Returns the entry id to continue from (an empty string at the end) and the entries. A call stops after a bounded number
of entries and bytes, so that it does not block the broker for long; the last entry may exceed the bytes.
"""


async def field_pages(
    redis: Redis, stream: str, names: Sequence[str], *, end: str = "+", value_bytes: int = 100
) -> AsyncIterator[Sequence[tuple[str, Mapping[bytes, bytes]]]]:
    """The ids of the entries up to `end`, each with those of the named fields that it has; oldest first.

    A page has at most 1,000 entries. Values are cut at `value_bytes`, which bounds the memory of a page.
    """
    start = "-"
    while start:
        reply: Any = await redis.eval_ro(_PAGE, 1, stream, start, end, _ENTRIES, value_bytes, *names)
        start = reply[0].decode()
        page = [(entry_id.decode(), dict(zip(fields[::2], fields[1::2], strict=True))) for entry_id, fields in reply[1]]
        if page:
            yield page
