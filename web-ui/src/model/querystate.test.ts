import { describe, expect, it } from 'vitest';
import { DEFAULT_STATE, EMPTY_PANEL, queryLink, readQueryState, writeQueryState, type QueryState } from './querystate';

const FULL: QueryState = {
  panels: [
    { expr: 'sum by (job) (rate(x{a=~"b+|c&d"}[5m]))', tab: 'graph', zero: true, stack: true },
    { expr: 'up % 2 # ?', tab: 'table', zero: false, stack: false },
    { expr: '', tab: 'graph', zero: false, stack: false },
  ],
  span: { rangeMillis: 5_400_000, endMillis: Date.UTC(2026, 10, 21, 5, 30, 0, 250) },
  resolution: 30,
  refreshMillis: 15_000,
};

describe('the state in the address', () => {
  it('comes back the same after being written and read', () => {
    expect(readQueryState(writeQueryState(FULL))).toEqual(FULL);
    expect(readQueryState(writeQueryState({ ...FULL, resolution: 'high' })).resolution).toBe('high');
  });

  it('leaves out what stands at its default', () => {
    expect(writeQueryState(DEFAULT_STATE)).toBe('');
    expect(writeQueryState({ ...DEFAULT_STATE, panels: [{ ...EMPTY_PANEL, expr: 'up' }] })).toBe('?g0.expr=up');
  });

  it('keeps several empty panels', () => {
    const two = { ...DEFAULT_STATE, panels: [EMPTY_PANEL, EMPTY_PANEL] };
    expect(readQueryState(writeQueryState(two)).panels).toHaveLength(2);
  });

  it('is read from the links that Prometheus writes into alerts', () => {
    const state = readQueryState('?g0.expr=up+%3D%3D+0&g0.tab=1');
    expect(state.panels).toEqual([{ expr: 'up == 0', tab: 'table', zero: false, stack: false }]);
  });

  it('is read from a bookmark of Prometheus', () => {
    const state = readQueryState(
      '?g0.expr=up&g0.tab=0&g0.stacked=1&g0.range_input=2h&g0.end_input=2026-11-21%2005:30:00&g0.step_input=15&g1.expr=x',
    );
    expect(state.panels.map(({ expr, tab, stack }) => [expr, tab, stack])).toEqual([
      ['up', 'graph', true],
      ['x', 'graph', false],
    ]);
    expect(state.span).toEqual({ rangeMillis: 7_200_000, endMillis: Date.UTC(2026, 10, 21, 5, 30) });
    expect(state.resolution).toBe(15);
  });

  it('is at its default wherever the address makes no sense', () => {
    expect(readQueryState('?range=-1h&end=soon&step=no&refresh=often&g1.expr=lost')).toEqual(DEFAULT_STATE);
  });

  it('holds a bounded number of panels', () => {
    const search = Array.from({ length: 300 }, (_, i) => `g${i}.expr=up`).join('&');
    expect(readQueryState(`?${search}`).panels).toHaveLength(20);
  });

  it('makes a link to any expressions', () => {
    expect(readQueryState(queryLink('a + b', 'c').replace('query', '')).panels.map((panel) => panel.expr)).toEqual([
      'a + b',
      'c',
    ]);
  });
});
