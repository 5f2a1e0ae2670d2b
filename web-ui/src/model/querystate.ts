import { formatDuration, parseDuration } from './duration';
import { parseMoment, parseRange, type Span } from './span';
import type { Density } from './step';

/** One panel of the query page. */
export interface Panel {
  readonly expr: string;
  readonly tab: 'graph' | 'table';
  /** Draws the value axis from zero. */
  readonly zero: boolean;
  /** Draws the lines on top of each other. */
  readonly stack: boolean;
}

/** Everything the query page shows; its address says all of it. */
export interface QueryState {
  readonly panels: readonly Panel[];
  readonly span: Span;
  /** Seconds between points, or how dense they shall be. */
  readonly resolution: number | Density;
  /** Milliseconds between refreshes; 0 is never. */
  readonly refreshMillis: number;
}

export const EMPTY_PANEL: Panel = { expr: '', tab: 'graph', zero: false, stack: false };

export const DEFAULT_STATE: QueryState = {
  panels: [EMPTY_PANEL],
  span: { rangeMillis: 3_600_000, endMillis: null },
  resolution: 'medium',
  refreshMillis: 0,
};

/** More panels than this in an address are left out. */
const MOST_PANELS = 20;

const DENSITIES: readonly Density[] = ['low', 'medium', 'high'];

/**
 * Reads the page's address. Besides our own names it takes those that Prometheus writes into alert
 * links and bookmarks (`g0.expr`, `g0.tab=1`, `g0.range_input`, …); what it cannot read is left at
 * its default.
 */
export function readQueryState(search: string): QueryState {
  const params = new URLSearchParams(search);
  const panels: Panel[] = [];
  for (let i = 0; i < MOST_PANELS && params.has(`g${i}.expr`); i++) {
    const tab = params.get(`g${i}.tab`);
    panels.push({
      expr: params.get(`g${i}.expr`) ?? '',
      tab: tab === '1' || tab === 'table' ? 'table' : 'graph',
      zero: params.get(`g${i}.zero`) === '1',
      stack: params.get(`g${i}.stacked`) === '1' || params.get(`g${i}.display_mode`) === 'stacked',
    });
  }
  const end = params.get('end') ?? params.get('g0.end_input') ?? params.get('g0.moment_input') ?? '';
  return {
    panels: panels.length > 0 ? panels : DEFAULT_STATE.panels,
    span: {
      rangeMillis:
        parseRange(params.get('range') ?? params.get('g0.range_input') ?? '') ?? DEFAULT_STATE.span.rangeMillis,
      endMillis: parseMoment(end, 'utc'),
    },
    resolution: parseResolution(params.get('step') ?? params.get('g0.step_input') ?? ''),
    refreshMillis: parseDuration(params.get('refresh') ?? '') ?? 0,
  };
}

/** A density's name, a duration (`30s`) or plain seconds (`30`); medium when it is none of them. */
export function parseResolution(text: string): number | Density {
  const density = DENSITIES.find((name) => name === text);
  if (density !== undefined) return density;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (parseDuration(text) ?? 0) / 1000;
  return seconds > 0 ? seconds : DEFAULT_STATE.resolution;
}

/** The address's query part, without what stands at its default. */
export function writeQueryState(state: QueryState): string {
  const params = new URLSearchParams();
  state.panels.forEach((panel, i) => {
    params.set(`g${i}.expr`, panel.expr);
    if (panel.tab !== 'graph') params.set(`g${i}.tab`, panel.tab);
    if (panel.zero) params.set(`g${i}.zero`, '1');
    if (panel.stack) params.set(`g${i}.stacked`, '1');
  });
  const only = state.panels.length === 1 ? state.panels[0] : undefined;
  if (only?.expr === '' && params.size === 1) params.delete('g0.expr');
  if (state.span.rangeMillis !== DEFAULT_STATE.span.rangeMillis) {
    params.set('range', formatDuration(state.span.rangeMillis));
  }
  if (state.span.endMillis !== null) params.set('end', new Date(state.span.endMillis).toISOString());
  if (state.resolution !== DEFAULT_STATE.resolution) {
    params.set(
      'step',
      typeof state.resolution === 'number' ? formatDuration(state.resolution * 1000) : state.resolution,
    );
  }
  if (state.refreshMillis > 0) params.set('refresh', formatDuration(state.refreshMillis));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** The address of a query page that shows the expressions, below the page's own folder. */
export function queryLink(...exprs: string[]): string {
  return `query${writeQueryState({ ...DEFAULT_STATE, panels: exprs.map((expr) => ({ ...EMPTY_PANEL, expr })) })}`;
}
