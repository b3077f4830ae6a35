/** Local time as <input type="datetime-local"> reads and writes it, to the minute or second. */
export function toLocalInput(time: number, seconds = false): string {
  const local = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, seconds ? 19 : 16);
}
