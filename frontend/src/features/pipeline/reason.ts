/** A reason code such as "bad_encoding" as words. */
export function reasonWords(reason: string): string {
  const words = reason.replaceAll(/[_-]+/g, " ").trim();
  return words === "" ? "Unknown" : words.charAt(0).toUpperCase() + words.slice(1);
}
