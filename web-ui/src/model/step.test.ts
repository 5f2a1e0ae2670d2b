import { describe, expect, it } from 'vitest';
import { RANGES } from './span';
import { allowedStep, chooseStep, gridOf, MOST_POINTS } from './step';

describe('a step', () => {
  it('is a round one that gives each point its pixels', () => {
    expect(chooseStep(3_600_000, 1_200, 'medium')).toBe(10);
    expect(chooseStep(3_600_000, 1_200, 'low')).toBe(30);
    expect(chooseStep(3_600_000, 1_200, 'high')).toBe(5);
    expect(chooseStep(7 * 86_400_000, 1_200, 'medium')).toBe(1_800);
  });

  it('is never finer than a second', () => {
    expect(chooseStep(60_000, 4_000, 'high')).toBe(1);
  });

  it('is whole days where the list ends', () => {
    expect(chooseStep(100 * 365 * 86_400_000, 300, 'low') % 86_400).toBe(0);
  });

  it('never asks for more points than the server allows, whatever the range and the width', () => {
    for (const range of RANGES) {
      for (const width of [0, 320, 1_280, 20_000]) {
        for (const density of ['low', 'medium', 'high'] as const) {
          expect(range / 1000 / chooseStep(range, width, density)).toBeLessThanOrEqual(MOST_POINTS);
        }
      }
    }
  });

  it('that someone asked for is kept if the server allows it, else widened just enough', () => {
    expect(allowedStep(15, 3_600_000)).toBe(15);
    const widened = allowedStep(1, 7 * 86_400_000);
    expect(Math.floor(604_800 / widened)).toBeLessThanOrEqual(MOST_POINTS);
    expect(widened).toBeLessThan(60);
  });
});

describe('a grid', () => {
  it('stands on multiples of its step and does not reach past the end', () => {
    expect(gridOf(60_000, 1_700_000_007_500, 5)).toEqual({
      start: 1_699_999_945,
      end: 1_700_000_005,
      step: 5,
      points: 13,
    });
  });

  it('keeps its points in place when it is asked for a moment later', () => {
    const one = gridOf(3_600_000, 1_700_000_001_000, 10);
    const other = gridOf(3_600_000, 1_700_000_009_000, 10);
    expect(other).toEqual(one);
  });

  it('has at least two points when the step is longer than the range', () => {
    expect(gridOf(1_000, 1_700_000_000_000, 60).points).toBe(2);
  });
});
