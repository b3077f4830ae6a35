import { clock, day, dayMinute, minute } from "./format";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  SECOND,
  5 * SECOND,
  10 * SECOND,
  20 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  3 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  5 * DAY,
  10 * DAY,
  30 * DAY,
];
const MOST_TICKS = 7;

/** Round local times between two (ms), at most seven, and how to write them. */
export function timeTicks(from: number, to: number): { ticks: number[]; format: (time: number) => string } {
  const span = to - from;
  const step = STEPS.find((candidate) => span / candidate <= MOST_TICKS) ?? 60 * DAY;
  const zone = new Date(from).getTimezoneOffset() * MINUTE;
  const ticks: number[] = [];
  for (let time = Math.ceil((from - zone) / step) * step + zone; time <= to; time += step) ticks.push(time);
  const format = step >= DAY ? day : span > DAY ? dayMinute : step < MINUTE ? clock : minute;
  return { ticks, format };
}
