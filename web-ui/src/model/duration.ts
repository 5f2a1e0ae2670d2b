/**
 * Durations as PromQL writes them: `1h30m`, `15s`, `500ms`; here always in milliseconds.
 */

const UNITS: readonly [name: string, millis: number][] = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
];

const SHAPE = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** The milliseconds of a duration, or null when the text is none (units descend, each at most once). */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed === '0') return 0;
  const parts = SHAPE.exec(trimmed);
  if (trimmed === '' || parts === null) return null;
  const millis = UNITS.reduce((sum, [, unit], i) => sum + Number(parts[i + 1] ?? 0) * unit, 0);
  return Number.isSafeInteger(millis) ? millis : null;
}

/** The shortest writing of a duration; weeks and years only where they come out even. */
export function formatDuration(millis: number): string {
  let rest = Math.round(millis);
  if (rest <= 0) return '0s';
  let text = '';
  for (const [name, unit] of UNITS) {
    if ((name === 'y' || name === 'w') && rest % unit !== 0) continue;
    const count = Math.floor(rest / unit);
    if (count > 0) text += count + name;
    rest -= count * unit;
  }
  return text;
}

/** A duration for reading, in at most two units and never finer than needed: `3d 4h`, `1.24 s`. */
export function roughDuration(millis: number): string {
  if (!Number.isFinite(millis)) return '–';
  const size = Math.abs(millis);
  if (size < 1) return `${Math.round(millis * 1000)} µs`;
  if (size < 1_000) return `${size < 10 ? millis.toFixed(1) : Math.round(millis)} ms`;
  if (size < 60_000) return `${size < 10_000 ? (millis / 1000).toFixed(1) : Math.round(millis / 1000)} s`;
  const steps: [string, number, string, number][] = [
    ['d', 86_400_000, 'h', 3_600_000],
    ['h', 3_600_000, 'm', 60_000],
    ['m', 60_000, 's', 1_000],
  ];
  for (const [big, bigMillis, small, smallMillis] of steps) {
    if (size >= bigMillis) {
      const bigs = Math.floor(size / bigMillis);
      const smalls = Math.floor((size % bigMillis) / smallMillis);
      return `${millis < 0 ? '−' : ''}${bigs}${big}${smalls > 0 ? ` ${smalls}${small}` : ''}`;
    }
  }
  return '–';
}
