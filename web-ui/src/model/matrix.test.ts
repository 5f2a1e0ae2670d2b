import { describe, expect, it } from 'vitest';
import { instantsOf, lineOf, stacked } from './matrix';
import { gridOf } from './step';

const grid = gridOf(20_000, 1_700_000_020_000, 5);

describe('a series on the grid', () => {
  it('has gaps where it has no sample', () => {
    const line = lineOf({ metric: {}, values: [[1_700_000_000, '1'], [1_700_000_010, '3']] }, grid);
    expect(line.values).toEqual([1, null, 3, null, null]);
    expect(line.summary).toEqual({ last: 3, min: 1, mean: 2, max: 3 });
  });

  it('does not draw what is no number, but says it when it is the last value', () => {
    const line = lineOf({ metric: {}, values: [[1_700_000_000, '2'], [1_700_000_005, '+Inf'], [1_700_000_010, 'NaN']] }, grid);
    expect(line.values).toEqual([2, null, null, null, null]);
    expect(line.summary.max).toBe(2);
    expect(line.summary.last).toBeNaN();
  });

  it('leaves out samples beside the grid', () => {
    const line = lineOf({ metric: {}, values: [[1_699_999_000, '1'], [1_700_000_999, '1']] }, grid);
    expect(line.values.every((value) => value === null)).toBe(true);
    expect(line.summary.mean).toBeNaN();
  });

  it('meets the instants also at steps that are no whole seconds', () => {
    const fine = gridOf(3_000, 1_700_000_000_000, 0.1);
    const values = instantsOf(fine).map((time, i) => [time, String(i)] as const);
    expect(lineOf({ metric: {}, values }, fine).values).toEqual(values.map((_, i) => i));
  });
});

describe('a stack', () => {
  it('adds each line to those below and keeps gaps open', () => {
    expect(stacked([[1, 2, null], [10, null, 30]])).toEqual([[1, 2, null], [11, null, 30]]);
  });
});
