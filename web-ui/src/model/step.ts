/** How far apart the points of a graph are asked for. */

/** Finest step: Prometheus's resolution is a millisecond, but nobody scrapes below a second. */
const FINEST_SECONDS = 1;

/** The server refuses a range query with more points a series than this. */
export const MOST_POINTS = 11_000;

/** Steps that divide minutes, hours and days, so that the grid falls on round times. */
const NICE_SECONDS = [
  1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1_200, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600,
  43_200, 86_400,
];

export type Density = 'low' | 'medium' | 'high';

/** Pixels a point gets on the screen; at high density, one point a pixel. */
const PIXELS_PER_POINT: Record<Density, number> = { low: 8, medium: 3, high: 1 };

/** The step in seconds for a range drawn on so many pixels. */
export function chooseStep(rangeMillis: number, widthPixels: number, density: Density): number {
  const points = Math.min(MOST_POINTS, Math.max(20, widthPixels / PIXELS_PER_POINT[density]));
  const wanted = Math.max(FINEST_SECONDS, rangeMillis / 1000 / points);
  const nice = NICE_SECONDS.find((seconds) => seconds >= wanted);
  return nice ?? Math.ceil(wanted / 86_400) * 86_400;
}

/** A step someone asked for, widened just enough that the server accepts the range. */
export function allowedStep(stepSeconds: number, rangeMillis: number): number {
  const least = rangeMillis / 1000 / MOST_POINTS;
  return stepSeconds >= least ? stepSeconds : Math.ceil(least * 1000) / 1000;
}

/** Instants on multiples of the step, in seconds: a refreshed graph keeps its points in place. */
export interface Grid {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly points: number;
}

/** The grid that covers a span; its last instant is never after the end. */
export function gridOf(rangeMillis: number, endMillis: number, stepSeconds: number): Grid {
  const stepMillis = Math.max(1, Math.round(stepSeconds * 1000));
  const end = Math.floor(endMillis / stepMillis) * stepMillis;
  const steps = Math.min(MOST_POINTS, Math.max(1, Math.floor(rangeMillis / stepMillis)));
  return {
    start: (end - steps * stepMillis) / 1000,
    end: end / 1000,
    step: stepMillis / 1000,
    points: steps + 1,
  };
}
