"""Lua scripts for dead letters. They run in the broker, because a dead letter may be too large for a process."""

from typing import Final

FIELDS_AT_MOST: Final = 7_000
"""How many names and values of an entry a script can pass on: Lua's `unpack` is limited to about 8,000 values."""

PREVIEW: Final = f"""
local from, to, wanted, longest, budget = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local place = {{}}
for i = 6, #ARGV do place[ARGV[i]] = i - 5 end
local letters, looked_at, read = {{}}, 0, 0
while #letters < wanted do
  if looked_at == 1000 or read > 1048576 then return {{from, letters}} end
  local found = redis.call('XREVRANGE', KEYS[1], from, to, 'COUNT', 1)
  if #found == 0 then return {{'', letters}} end
  local id, fields = found[1][1], found[1][2]
  local about, known, shown, left, left_out = {{}}, 0, {{}}, budget, 0
  for i = 1, #fields, 2 do
    local name, value = fields[i], fields[i + 1]
    read = read + #name + #value
    if place[name] then
      about[place[name]] = value:sub(1, 500)
      known = known + 1
    elseif left > 0 then
      local part = value:sub(1, math.min(longest, left))
      name = name:sub(1, math.min(longest, left))
      left = left - #part - #name
      for _, each in ipairs({{name, part, #value}}) do shown[#shown + 1] = each end
    else
      left_out = left_out + 1
    end
  end
  if known == #ARGV - 5 and #fields <= {FIELDS_AT_MOST} then
    letters[#letters + 1] = {{id, about, shown, left_out}}
  end
  from, looked_at = '(' .. id, looked_at + 1
end
return {{from, letters}}
"""
"""KEYS: the stream. ARGV: newest and oldest entry id; letters wanted; bytes shown of a value, and of all fields of a
letter; the names of the fields that make an entry a dead letter.

Returns the entry id to continue from (an empty string at the end) and letters, newest first. Each letter has: its id;
the values of the named fields; its other fields as name, beginning of the value and length of the value; the number of
fields that are left out. A call examines a bounded number of entries and bytes, so that it does not block the broker
for long. It may therefore return fewer letters than wanted before the end.
"""

_RESOLVE: Final = """
local function resolve(entry)
  local found = redis.pcall('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)
  local first = not found.err and found[1] and found[1][1]:match('^%d+')
  if not first then return end
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', '(' .. first)
  local milliseconds = entry:match('^%d+')
  if milliseconds and tonumber(milliseconds) >= tonumber(first) then
    redis.pcall('ZADD', KEYS[3], milliseconds, entry)
  end
end
"""
"""Records in KEYS[3] that an entry of the posts stream (KEYS[2]) no longer needs a dead letter, if the stream still has
the entry. At maxmemory the record cannot be written. The letter is removed nevertheless, since that frees memory.
"""

DELETE: Final = f"""
{_RESOLVE}
local letter = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not letter then return 0 end
for i = 1, #letter[2], 2 do
  if letter[2][i] == 'original_id' then resolve(letter[2][i + 1]) end
end
return redis.call('XDEL', KEYS[1], ARGV[1])
"""
"""KEYS: dead letters, posts, resolved entries. ARGV: the letter's id. Returns how many letters were removed."""

REPLAY: Final = f"""
{_RESOLVE}
local found = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])
if #found == 0 or #found[1][2] > {FIELDS_AT_MOST} then return false end
local is_added = {{}}
for i = 3, #ARGV do is_added[ARGV[i]] = true end
local fields, has_id, original = {{}}, false, ''
for i = 1, #found[1][2], 2 do
  local name = found[1][2][i]
  if not is_added[name] then
    has_id = has_id or name == 'id'
    fields[#fields + 1] = name
    fields[#fields + 1] = found[1][2][i + 1]
  elseif name == 'original_id' then
    original = found[1][2][i + 1]
  end
end
if not has_id then
  fields[#fields + 1] = 'id'
  fields[#fields + 1] = ARGV[2]
end
local entry = redis.call('XADD', KEYS[2], '*', unpack(fields))
resolve(original)
redis.call('XDEL', KEYS[1], ARGV[1])
return entry
"""
"""KEYS: dead letters, posts, resolved entries. ARGV: the letter's id, an id for a post that has none, and the names of
the fields that were added to the original entry. Returns the new entry's id, or nil if there is no such letter or it
has too many fields. If the entry cannot be written, the letter stays.
"""
