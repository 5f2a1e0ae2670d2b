import { useEffect, useMemo, useState } from 'preact/hooks';
import { pairsOf, selectorOf, sharedLabels, type LabelSet } from '../model/labels';
import type { Line } from '../model/matrix';
import { count, exact, short } from '../model/number';
import { Chart } from '../parts/Chart';
import { lineColour } from '../parts/colours';
import { Empty } from '../parts/Notes';
import { Tags } from '../parts/Tags';
import { isDark } from '../settings';

/** More lines than this are not drawn unasked: nobody can tell them apart. */
const MOST_LINES = 200;
const HEIGHT = 340;

/** A range query's answer as a graph with its legend. */
export function GraphView(props: {
  expr: string;
  times: readonly number[];
  lines: readonly Line[];
  histograms: number;
  zero: boolean;
  stack: boolean;
  zoom: (fromMillis: number, toMillis: number) => void;
  widen: () => void;
}) {
  const [all, setAll] = useState(false);
  const [shown, setShown] = useState<ReadonlySet<string> | null>(null);
  const [focus, setFocus] = useState<number | null>(null);
  useEffect(() => {
    setShown(null);
    setAll(false);
  }, [props.expr]);

  const drawn = useMemo(() => {
    const shared = sharedLabels(props.lines.map((line) => line.labels));
    const entries = (all ? props.lines : props.lines.slice(0, MOST_LINES)).map((line, colour) => ({
      line,
      colour,
      id: selectorOf(line.labels),
      name: nameOf(line.labels, shared, props.expr),
    }));
    return { shared, entries };
  }, [props.lines, all, props.expr]);

  const visible = useMemo(
    () => drawn.entries.filter((entry) => shown === null || shown.has(entry.id)),
    [drawn, shown],
  );
  const chartLines = useMemo(
    () => visible.map(({ line, colour, name }) => ({ name, colour, values: line.values, labels: line.labels })),
    [visible],
  );

  if (props.lines.length === 0) {
    return props.histograms > 0 ? (
      <Empty title={`${count(props.histograms)} native histograms`}>
        They are not numbers that a line could show. Take one out of them, for instance with{' '}
        <code>histogram_quantile(0.99, …)</code>.
      </Empty>
    ) : (
      <Empty title="Empty result">
        No series matched at any time of this span. Check the label values, look further back, or see on{' '}
        <a href="targets">Targets</a> whether the data comes in.
      </Empty>
    );
  }

  const pick = (id: string, together: boolean) => {
    if (together) {
      const next = new Set(shown ?? drawn.entries.map((entry) => entry.id));
      if (next.has(id)) next.delete(id);
      else next.add(id);
      setShown(next.size === 0 || next.size === drawn.entries.length ? null : next);
    } else {
      setShown(shown?.size === 1 && shown.has(id) ? null : new Set([id]));
    }
  };

  return (
    <>
      <Chart
        title={`Graph of ${props.expr}: ${props.lines.length} series; their figures are in the table below`}
        times={props.times}
        lines={chartLines}
        height={HEIGHT}
        format={short}
        formatLong={exact}
        zero={props.zero}
        stack={props.stack}
        sync="query"
        focus={focus}
        onZoom={props.zoom}
        onWiden={props.widen}
      />
      {props.histograms > 0 && (
        <div class="note info">{count(props.histograms)} more series are native histograms and not drawn.</div>
      )}
      {!all && props.lines.length > MOST_LINES && (
        <div class="note info">
          The first {MOST_LINES} of {count(props.lines.length)} series are drawn. Aggregate with <code>sum by (…)</code>{' '}
          or <code>topk</code>, or{' '}
          <button type="button" onClick={() => setAll(true)}>
            draw all
          </button>
        </div>
      )}
      <Legend
        entries={drawn.entries}
        shared={drawn.shared}
        shown={shown}
        pick={pick}
        hover={(id) => {
          const at = visible.findIndex((entry) => entry.id === id);
          setFocus(at < 0 ? null : at);
        }}
      />
    </>
  );
}

/** What tells a line from the others: its name and the labels that not all have. */
function nameOf(labels: LabelSet, shared: LabelSet, expr: string): string {
  const own = Object.fromEntries(Object.entries(labels).filter(([name]) => !(name in shared)));
  if (Object.keys(own).length > 0) return selectorOf(own);
  return Object.keys(labels).length > 0 ? selectorOf(labels) : expr.replace(/\s+/g, ' ');
}

interface Entry {
  readonly line: Line;
  readonly colour: number;
  readonly id: string;
  readonly name: string;
}

function Legend(props: {
  entries: readonly Entry[];
  shared: LabelSet;
  shown: ReadonlySet<string> | null;
  pick: (id: string, together: boolean) => void;
  hover: (id: string | null) => void;
}) {
  const dark = isDark();
  return (
    <div class="legend">
      <table>
        <thead>
          <tr>
            <th>
              <span class="legend-title">
                Series
                {pairsOf(props.shared).length + ('__name__' in props.shared ? 1 : 0) > 0 && (
                  <>
                    <span class="faint">all with</span>
                    {props.shared['__name__'] !== undefined && <span class="tag">{props.shared['__name__']}</span>}
                    {pairsOf(props.shared).length > 0 && <Tags labels={props.shared} />}
                  </>
                )}
              </span>
            </th>
            <th class="num">Last</th>
            <th class="num">Min</th>
            <th class="num">Mean</th>
            <th class="num">Max</th>
          </tr>
        </thead>
        <tbody onMouseLeave={() => props.hover(null)}>
          {props.entries.map(({ line, colour, id, name }) => {
            const on = props.shown === null || props.shown.has(id);
            return (
              <tr key={id} class={on ? '' : 'off'} onMouseEnter={() => props.hover(on ? id : null)}>
                <td>
                  <button
                    type="button"
                    aria-pressed={on}
                    title="Click: this line alone. With Ctrl or Shift: show or hide it"
                    onClick={(event) => props.pick(id, event.ctrlKey || event.metaKey || event.shiftKey)}
                    onFocus={() => props.hover(on ? id : null)}
                    onBlur={() => props.hover(null)}
                  >
                    <span class="swatch" style={{ background: lineColour(colour, dark) }} />
                    <span class="mono">{name}</span>
                  </button>
                </td>
                <td class="num">{blank(line.summary.last)}</td>
                <td class="num">{blank(line.summary.min)}</td>
                <td class="num">{blank(line.summary.mean)}</td>
                <td class="num">{blank(line.summary.max)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Six figures of a fraction are enough to compare; lines without a number have nothing to say. */
function blank(value: number): string {
  if (Number.isNaN(value)) return '–';
  return exact(Number.isInteger(value) || Math.abs(value) >= 1e6 ? Math.round(value) : Number(value.toPrecision(6)));
}
