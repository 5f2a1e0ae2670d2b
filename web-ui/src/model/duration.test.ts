import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration, roughDuration } from './duration';

describe('a duration', () => {
  it.each([
    ['15s', 15_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['1y2w3d4h5m6s7ms', 365 * 86_400_000 + 17 * 86_400_000 + 4 * 3_600_000 + 5 * 60_000 + 6_000 + 7],
    [' 2d ', 172_800_000],
    ['0', 0],
  ])('reads %s', (text, millis) => expect(parseDuration(text)).toBe(millis));

  it.each(['', '5', '1.5h', '30m1h', '1h1h', '1ns', '-5m', 'h', '99999999999999999y'])(
    'refuses "%s" as PromQL does',
    (text) => expect(parseDuration(text)).toBeNull(),
  );

  it.each([
    [3_600_000, '1h'],
    [5_400_000, '1h30m'],
    [86_400_000 * 28, '4w'],
    [86_400_000 * 10, '10d'],
    [86_400_000 * 730, '2y'],
    [1_500, '1s500ms'],
    [0, '0s'],
  ])('writes %d ms in the shortest way', (millis, text) => expect(formatDuration(millis)).toBe(text));

  it('comes back the same after being written and read, seed 7', () => {
    let seed = 7;
    for (let i = 0; i < 2_000; i++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      expect(parseDuration(formatDuration(seed))).toBe(seed);
    }
  });

  it.each([
    [0.4, '400 µs'],
    [3.14159, '3.1 ms'],
    [412, '412 ms'],
    [1_240, '1.2 s'],
    [42_000, '42 s'],
    [61_000, '1m 1s'],
    [3_600_000, '1h'],
    [273_600_000, '3d 4h'],
    [NaN, '–'],
  ])('is told roughly: %d ms', (millis, text) => expect(roughDuration(millis)).toBe(text));
});
