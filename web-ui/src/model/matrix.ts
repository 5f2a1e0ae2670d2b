import type { LabelSet } from './labels';
import { parseSample } from './number';
import type { Grid } from './step';

/** A series of a range query's answer. */
export interface MatrixSeries {
  readonly metric: LabelSet;
  readonly values?: readonly (readonly [number, string])[];
  readonly histograms?: readonly unknown[];
}

/** One line of a graph: a value at each instant of the grid, null where there is none. */
export interface Line {
  readonly labels: LabelSet;
  readonly values: (number | null)[];
  readonly summary: Summary;
}

/** What the legend says about a line; all NaN when it has no number. */
export interface Summary {
  readonly last: number;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** The instants of the grid, in seconds. */
export function instantsOf(grid: Grid): number[] {
  return Array.from({ length: grid.points }, (_, i) => (grid.start * 1000 + i * grid.step * 1000) / 1000);
}

/** Lays a series on the grid. NaN and the infinities cannot be drawn: they become gaps. */
export function lineOf(series: MatrixSeries, grid: Grid): Line {
  const values = new Array<number | null>(grid.points).fill(null);
  let last = NaN;
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let n = 0;
  for (const [time, text] of series.values ?? []) {
    const i = Math.round((time - grid.start) / grid.step);
    if (i < 0 || i >= grid.points) continue;
    const value = parseSample(text);
    last = value;
    if (!Number.isFinite(value)) continue;
    values[i] = value;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    n++;
  }
  const summary = n === 0 ? { last, min: NaN, mean: NaN, max: NaN } : { last, min, mean: sum / n, max };
  return { labels: series.metric, values, summary };
}

/** Lines summed up from the first to the last, for a stacked graph; a gap counts as nothing. */
export function stacked(lines: readonly (number | null)[][]): (number | null)[][] {
  const sums: number[] = [];
  return lines.map((values) =>
    values.map((value, i) => {
      sums[i] = (sums[i] ?? 0) + (value ?? 0);
      return value === null ? null : sums[i]!;
    }),
  );
}
