import { describe, expect, it } from 'vitest';
import { matchesSearch, selectorOf, sharedLabels } from './labels';

describe('a series as a selector', () => {
  it.each([
    [{ __name__: 'up' }, 'up'],
    [{}, '{}'],
    [{ __name__: 'up', job: 'host', instance: 'a:1' }, 'up{instance="a:1", job="host"}'],
    [{ path: 'C:\\a "b"\nc' }, '{path="C:\\\\a \\"b\\"\\nc"}'],
    [{ __name__: 'http.requests', 'http.code': '200' }, '{"http.requests", "http.code"="200"}'],
    [{ __name__: 'job:up:sum' }, 'job:up:sum'],
  ])('%j', (labels, text) => expect(selectorOf(labels as Record<string, string>)).toBe(text));
});

describe('labels that are shared', () => {
  it('are those with one value in every series', () => {
    expect(
      sharedLabels([
        { job: 'a', mode: 'idle', cpu: '0' },
        { job: 'a', mode: 'user', cpu: '0' },
        { job: 'a', mode: 'idle' },
      ]),
    ).toEqual({ job: 'a' });
  });

  it('are none when there is only one series to share them', () => {
    expect(sharedLabels([{ job: 'a' }])).toEqual({});
    expect(sharedLabels([])).toEqual({});
  });
});

describe('a search', () => {
  it('wants each of its words somewhere, whatever the case', () => {
    expect(matchesSearch('HOST refused', ['job="host"', 'connection refused'])).toBe(true);
    expect(matchesSearch('host timeout', ['job="host"', 'connection refused'])).toBe(false);
    expect(matchesSearch('', [])).toBe(true);
  });
});
