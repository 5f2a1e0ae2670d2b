import { describe, expect, it } from 'vitest';
import { formatMoment, formatTick, momentOf } from './clock';
import { between, fittingRange, longerRange, parseMoment, parseRange, shift, shorterRange } from './span';

const NOON = Date.UTC(2026, 10, 21, 12, 0, 0);

describe('a range', () => {
  it('is refused below a second and above a century', () => {
    expect(parseRange('999ms')).toBeNull();
    expect(parseRange('1s')).toBe(1_000);
    expect(parseRange('100y')).not.toBeNull();
    expect(parseRange('101y')).toBeNull();
    expect(parseRange('now')).toBeNull();
  });

  it('steps to its neighbours in the list, also from between two of them', () => {
    expect(longerRange(3_600_000)).toBe(7_200_000);
    expect(shorterRange(3_600_000)).toBe(1_800_000);
    expect(longerRange(4_000_000)).toBe(7_200_000);
    expect(shorterRange(4_000_000)).toBe(3_600_000);
  });

  it('stays where it is at the ends of the list', () => {
    expect(shorterRange(60_000)).toBe(60_000);
    const longest = longerRange(365 * 86_400_000);
    expect(longerRange(longest)).toBe(longest);
  });
});

describe('the range of the overview', () => {
  it('is an hour unless the data is younger', () => {
    expect(fittingRange(null)).toBe('1h');
    expect(fittingRange(86_400_000)).toBe('1h');
    expect(fittingRange(600_000)).toBe('15m');
    expect(fittingRange(20_000)).toBe('5m');
  });
});

describe('a span', () => {
  it('moves by half of its range', () => {
    expect(shift({ rangeMillis: 3_600_000, endMillis: null }, -1, NOON)).toEqual({
      rangeMillis: 3_600_000,
      endMillis: NOON - 1_800_000,
    });
  });

  it('follows the present again once it is moved up to it', () => {
    const past = { rangeMillis: 3_600_000, endMillis: NOON - 1_800_000 };
    expect(shift(past, 1, NOON).endMillis).toBeNull();
    expect(shift({ ...past, endMillis: NOON - 7_200_000 }, 1, NOON).endMillis).toBe(NOON - 5_400_000);
  });

  it('lies between two moments whichever comes first', () => {
    const span = { rangeMillis: 60_000, endMillis: NOON };
    expect(between(NOON - 60_000, NOON)).toEqual(span);
    expect(between(NOON, NOON - 60_000)).toEqual(span);
    expect(between(NOON, NOON).rangeMillis).toBe(1_000);
    expect(between(NOON - 60_321, NOON + 123)).toEqual(span);
  });
});

describe('a moment', () => {
  it.each([
    ['2026-11-21T12:00:00Z', NOON],
    ['2026-11-21T12:00:00.250Z', NOON + 250],
    ['2026-11-21T14:00:00+02:00', NOON],
    ['2026-11-21 12:00', NOON],
    ['2026-11-21 12:00:00', NOON],
    ['2026-11-21', NOON - 43_200_000],
    [String(NOON / 1000), NOON],
    ['1763726400.5', 1_763_726_400_500],
  ])('reads %s', (text, millis) => expect(parseMoment(text, 'utc')).toBe(millis));

  it.each(['', 'yesterday', '2026-02-31', '2026-11-21 25:00', '21.11.2026', '2026-11-21 12:61:00'])(
    'refuses "%s"',
    (text) => expect(parseMoment(text, 'utc')).toBeNull(),
  );

  it('is read in the zone it was written in', () => {
    for (const zone of ['local', 'utc'] as const) {
      expect(parseMoment(formatMoment(NOON + 1_234, zone), zone)).toBe(NOON + 1_234);
    }
  });

  it('is never written with AM or PM', () => {
    expect(formatMoment(NOON + 3_600_000, 'utc')).toBe('2026-11-21 13:00:00');
  });

  it('on an axis says the day at midnight and seconds only where they matter', () => {
    const seconds = NOON / 1000;
    expect(formatTick(seconds, 600, 'utc')).toBe('12:00');
    expect(formatTick(seconds + 15, 15, 'utc')).toBe('12:00:15');
    expect(formatTick(seconds + 43_200, 600, 'utc')).toBe('11-22');
    expect(formatTick(seconds, 86_400, 'utc')).toBe('11-21');
  });

  it('of the API is none when it is the zero time', () => {
    expect(momentOf('0001-01-01T00:00:00Z')).toBeNull();
    expect(momentOf(undefined)).toBeNull();
    expect(momentOf('2026-11-21T12:00:00.123456789Z')).toBe(NOON + 123);
  });
});
