import { describe, expect, it } from 'vitest';
import { bitRate, bytes, count, exact, parseSample, percent, short } from './number';

const THIN = '\u202f';

describe('a sample value', () => {
  it('is read with the names that the API gives to what is no number', () => {
    expect(parseSample('+Inf')).toBe(Infinity);
    expect(parseSample('-Inf')).toBe(-Infinity);
    expect(parseSample('NaN')).toBeNaN();
    expect(parseSample('1.2e+01')).toBe(12);
    expect(parseSample('-0')).toBe(-0);
  });
});

describe('a number in short', () => {
  it.each([
    [0, '0'],
    [1, '1'],
    [200, '200'],
    [1_234, '1.23k'],
    [999.96, '1k'],
    [999_999, '1M'],
    [-1_500_000, '-1.5M'],
    [0.25, '0.25'],
    [0.00012345, '1.23e-4'],
    [1e21, '1e21'],
    [NaN, 'NaN'],
    [-Infinity, '-Inf'],
  ])('%d', (value, text) => expect(short(value)).toBe(text));
});

describe('a number with its figures', () => {
  it.each([
    [1_234_567.891, `1${THIN}234${THIN}567.891`],
    [0.1 + 0.2, '0.3'],
    [1 / 3, '0.3333333333'],
    [-42, '-42'],
    [1000, `1${THIN}000`],
    [100_000_000, `100${THIN}000${THIN}000`],
    [1e15, '1e15'],
    [Infinity, '+Inf'],
  ])('%d', (value, text) => expect(exact(value)).toBe(text));
});

describe('a figure with a unit', () => {
  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [1_023, '1023 B'],
    [1_024, '1 KiB'],
    [1_610_612_736, '1.5 GiB'],
    [NaN, 'NaN'],
  ])('%d bytes', (value, text) => expect(bytes(value)).toBe(text));

  it.each([
    [0, '0 b/s'],
    [125, '1 kb/s'],
    [1_250_000, '10 Mb/s'],
    [0.05, '0 b/s'],
  ])('%d bytes a second on a network', (value, text) => expect(bitRate(value)).toBe(text));

  it.each([
    [0, '0 %'],
    [0.0123, '1.2 %'],
    [0.5, '50 %'],
    [1, '100 %'],
  ])('a share of %d', (value, text) => expect(percent(value)).toBe(text));

  it('a count', () => expect(count(1_234_567)).toBe(`1${THIN}234${THIN}567`));
});
