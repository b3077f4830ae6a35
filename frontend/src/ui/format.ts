const LOCALE = "en";

const integer = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(LOCALE, { notation: "compact", maximumFractionDigits: 1 });
const oneDecimal = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(LOCALE, {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const signed = new Intl.NumberFormat(LOCALE, {
  signDisplay: "exceptZero",
  maximumFractionDigits: 1,
  minimumFractionDigits: 1,
});

export const NONE = "–";

export const count = (value: number): string => integer.format(value);
export const shortCount = (value: number): string =>
  value < 10_000 ? integer.format(value) : compact.format(value);
export const share = (value: number | null): string => (value === null ? NONE : percent.format(value));

/** A probability as whole percent, never rounded up to certainty. */
export const confidence = (value: number): string => `${Math.min(99, Math.round(value * 100))}%`;

/** Net sentiment from -1 to 1 in points from -100 to +100. */
export const net = (value: number | null): string => (value === null ? NONE : signed.format(value * 100));

export const rate = (value: number): string =>
  value >= 100 ? integer.format(value) : oneDecimal.format(value);

const axis = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2, notation: "compact" });
/** As short as an axis wants it, and exact enough for even steps. */
export const axisNumber = (value: number): string => axis.format(value);

export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let power = 0;
  let rest = value;
  while (rest >= 1000 && power < units.length - 1) {
    rest /= 1000;
    power += 1;
  }
  return `${power === 0 ? integer.format(rest) : oneDecimal.format(rest)} ${units[power]}`;
}

/** "0.4 s", "12 s", "3 min 5 s", "2 h 4 min": two units at most. */
export function duration(seconds: number): string {
  if (seconds < 0.0005) return "0 ms";
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds % 1 === 0 ? seconds : oneDecimal.format(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return pair(whole, 60, "min", "s", 1);
  if (whole < 86_400) return pair(whole, 3600, "h", "min", 60);
  return pair(whole, 86_400, "d", "h", 3600);
}

function pair(seconds: number, large: number, largeUnit: string, smallUnit: string, small: number): string {
  const rest = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)} ${largeUnit}${rest > 0 ? ` ${rest} ${smallUnit}` : ""}`;
}

const clockFormat = new Intl.DateTimeFormat(LOCALE, {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});
const minuteFormat = new Intl.DateTimeFormat(LOCALE, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const dayFormat = new Intl.DateTimeFormat(LOCALE, { day: "numeric", month: "short" });
const fullFormat = new Intl.DateTimeFormat(LOCALE, {
  dateStyle: "medium",
  timeStyle: "medium",
  hourCycle: "h23",
});

export const clock = (time: number): string => clockFormat.format(time);
export const minute = (time: number): string => minuteFormat.format(time);
export const day = (time: number): string => dayFormat.format(time);
export const dayMinute = (time: number): string => `${dayFormat.format(time)}, ${minuteFormat.format(time)}`;
export const fullTime = (time: number): string => fullFormat.format(time);

/** The clock for today, with the day before it otherwise. */
export function when(iso: string, now: number = Date.now()): string {
  const time = Date.parse(iso);
  return day(time) === day(now) ? clock(time) : `${day(time)} ${clock(time)}`;
}

const languages = new Intl.DisplayNames(LOCALE, { type: "language" });

/** The English name of a language; what is no BCP 47 tag stays as it is. */
export function languageName(tag: string): string {
  try {
    return languages.of(tag) ?? tag;
  } catch {
    return tag;
  }
}
