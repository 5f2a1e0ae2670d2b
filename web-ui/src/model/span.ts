import { parseDuration } from './duration';

/** What part of time is looked at: so many milliseconds up to `endMillis`, or up to now when null. */
export interface Span {
  readonly rangeMillis: number;
  readonly endMillis: number | null;
}

/** Where the clock's hands stand: the browser's zone or UTC. */
export type Zone = 'local' | 'utc';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The ranges that `+` and `−` step through. */
export const RANGES: readonly number[] = [
  MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY,
  7 * DAY, 14 * DAY, 28 * DAY, 56 * DAY, 182 * DAY, 365 * DAY, 730 * DAY,
];

const SHORTEST_RANGE = 1_000;
const LONGEST_RANGE = 100 * 365 * DAY;

/** A range the server can be asked for, or null when the text is no duration or out of bounds. */
export function parseRange(text: string): number | null {
  const millis = parseDuration(text);
  return millis !== null && millis >= SHORTEST_RANGE && millis <= LONGEST_RANGE ? millis : null;
}

/** The overview's ranges; the first are for a server that has only just begun. */
export const OVERVIEW_RANGES = ['5m', '15m', '1h', '6h', '24h', '7d'] as const;

/** The range that shows what there is, if nobody asks for another: an hour, or less for younger data. */
export function fittingRange(ageMillis: number | null): '5m' | '15m' | '1h' {
  if (ageMillis === null || ageMillis > 15 * MINUTE) return '1h';
  return ageMillis > 5 * MINUTE ? '15m' : '5m';
}

/** The next longer range of the list; the range itself at the end of it. */
export function longerRange(millis: number): number {
  return RANGES.find((range) => range > millis) ?? millis;
}

/** The next shorter range of the list; the range itself at its beginning. */
export function shorterRange(millis: number): number {
  return RANGES.findLast((range) => range < millis) ?? millis;
}

/** Half a range earlier (−1) or later (+1); a span that would reach the present follows it again. */
export function shift(span: Span, direction: -1 | 1, nowMillis: number): Span {
  const end = (span.endMillis ?? nowMillis) + direction * Math.round(span.rangeMillis / 2);
  return { rangeMillis: span.rangeMillis, endMillis: end >= nowMillis ? null : end };
}

/** The span of whole seconds between two moments, in either order, never shorter than a second. */
export function between(oneMillis: number, otherMillis: number): Span {
  const start = Math.round(Math.min(oneMillis, otherMillis) / 1000) * 1000;
  const end = Math.max(start + SHORTEST_RANGE, Math.round(Math.max(oneMillis, otherMillis) / 1000) * 1000);
  return { rangeMillis: end - start, endMillis: end };
}

/**
 * A moment in milliseconds, from RFC 3339, `2026-11-21 05:30[:00]` in the zone, or Unix seconds;
 * null when the text is none of these.
 */
export function parseMoment(text: string, zone: Zone): number | null {
  const trimmed = text.trim();
  if (/^-?\d+(\.\d+)?$/.test(trimmed)) return Math.round(Number(trimmed) * 1000);
  const parts =
    /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?$/i.exec(trimmed);
  if (parts === null) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const millis = Math.floor(Number(`0.${parts[7] ?? 0}`) * 1000);
  const offset = parts[8]?.toUpperCase() ?? (zone === 'utc' ? 'Z' : null);
  const fields = [year!, month! - 1, day!, hour!, minute!, second!, millis] as const;
  const utc = new Date(Date.UTC(...fields));
  // Date carries over what does not exist (the 31st of February): such a moment is refused.
  if (utc.getUTCMonth() !== fields[1] || utc.getUTCDate() !== day || hour! > 23 || minute! > 59 || second! > 59) {
    return null;
  }
  if (offset === null) return new Date(...fields).getTime();
  if (offset === 'Z') return utc.getTime();
  const sign = offset.startsWith('-') ? -1 : 1;
  return utc.getTime() - sign * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6))) * MINUTE;
}
