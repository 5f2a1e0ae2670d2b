import type { Zone } from './span';

/** Moments as text, always on a 24-hour clock, in the browser's zone or UTC. */

const two = (n: number) => String(n).padStart(2, '0');

interface Fields {
  date: string;
  time: string;
  millis: number;
}

function fields(millis: number, zone: Zone): Fields {
  const d = new Date(millis);
  return zone === 'utc'
    ? {
        date: `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`,
        time: `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`,
        millis: d.getUTCMilliseconds(),
      }
    : {
        date: `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`,
        time: `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`,
        millis: d.getMilliseconds(),
      };
}

/** `2026-11-21 05:30:00`, with milliseconds only where they are not zero. */
export function formatMoment(millis: number, zone: Zone): string {
  if (!Number.isFinite(millis)) return '–';
  const f = fields(millis, zone);
  return `${f.date} ${f.time}${f.millis === 0 ? '' : `.${String(f.millis).padStart(3, '0')}`}`;
}

/** What an axis tick says: the day at midnight, seconds only when ticks are closer than a minute. */
export function formatTick(seconds: number, tickSeconds: number, zone: Zone): string {
  const f = fields(seconds * 1000, zone);
  if (tickSeconds >= 86_400 || f.time === '00:00:00') return f.date.slice(5);
  if (tickSeconds < 1) return `${f.time}.${String(f.millis).padStart(3, '0')}`;
  return tickSeconds < 60 ? f.time : f.time.slice(0, 5);
}

/** The milliseconds of an RFC 3339 time as the API writes it; null for its zero time and for none. */
export function momentOf(rfc3339: string | undefined): number | null {
  if (!rfc3339 || rfc3339.startsWith('0001-01-01')) return null;
  const millis = Date.parse(rfc3339);
  return Number.isNaN(millis) ? null : millis;
}
