import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ask, reasonOf, type Answer } from '../api/client';
import { usePoll } from '../api/poll';
import type { QueryData } from '../api/types';
import { ExpressionInput } from '../editor/ExpressionInput';
import { formatDuration, roughDuration } from '../model/duration';
import { instantsOf, lineOf, type Line } from '../model/matrix';
import { count } from '../model/number';
import { locate } from '../model/parse-error';
import type { Panel, QueryState } from '../model/querystate';
import { allowedStep, chooseStep, gridOf, type Grid } from '../model/step';
import { Icon } from '../parts/icons';
import { Empty, Failure } from '../parts/Notes';
import { history, recordExpression } from '../settings';
import { GraphView } from './GraphView';
import { ResultTable } from './ResultTable';

interface Graph {
  readonly kind: 'graph';
  readonly grid: Grid;
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly histograms: number;
}

interface Table {
  readonly kind: 'table';
  readonly data: QueryData;
}

type Result = { readonly view: Graph | Table; readonly answer: Answer<QueryData> } | null;

/** Widths closer than this ask the same question, so that a scroll bar does not cause another. */
const WIDTH_GRAIN = 50;

/** One question and its answer, drawn or listed. */
export function QueryPanel(props: {
  index: number;
  panel: Panel;
  state: QueryState;
  runs: number;
  alone: boolean;
  change: (next: Partial<Panel>) => void;
  remove: () => void;
  zoom: (fromMillis: number, toMillis: number) => void;
  widen: () => void;
}) {
  const { panel, state } = props;
  const box = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(0);
  const [draft, setDraft] = useState(panel.expr);
  const [revision, setRevision] = useState(0);
  useEffect(() => setDraft(panel.expr), [panel.expr]);
  useLayoutEffect(() => {
    const measured = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.max(WIDTH_GRAIN, Math.round(entry.contentRect.width / WIDTH_GRAIN) * WIDTH_GRAIN));
    });
    measured.observe(box.current!);
    return () => measured.disconnect();
  }, []);

  const { span, resolution } = state;
  const graph = panel.tab === 'graph';
  const step =
    typeof resolution === 'number'
      ? allowedStep(resolution, span.rangeMillis)
      : chooseStep(span.rangeMillis, width, resolution);
  const key = [panel.expr, panel.tab, span.endMillis, graph ? `${span.rangeMillis} ${step}` : ''].join('\u0000');
  const result = usePoll<Result>(
    async (signal) => {
      if (panel.expr.trim() === '' || width === 0) return null;
      const end = span.endMillis ?? Date.now();
      return graph ? askRange(panel.expr, gridOf(span.rangeMillis, end, step), signal) : askInstant(panel.expr, end, signal);
    },
    width === 0 ? 'not measured yet' : key,
    0,
  );
  const seen = useRef(props.runs);
  useEffect(() => {
    if (seen.current !== props.runs) result.again();
    seen.current = props.runs;
  }, [props.runs]);

  const run = () => {
    const text = draft.trim();
    recordExpression(text);
    if (text === panel.expr) result.again();
    else props.change({ expr: text });
  };
  const pick = (expr: string) => {
    setDraft(expr);
    setRevision((n) => n + 1);
    recordExpression(expr);
    props.change({ expr });
  };
  const view = result.data?.view;
  const current = view?.kind === panel.tab ? result.data : null;

  return (
    <section class="panel query-panel" ref={box} aria-label={`Panel ${props.index + 1}`} aria-busy={result.busy}>
      <div class="ask">
        <ExpressionInput
          text={panel.expr}
          revision={revision}
          label={`Expression ${props.index + 1}`}
          autoFocus={panel.expr === ''}
          onChange={setDraft}
          onRun={run}
        />
        <HistoryMenu pick={pick} />
        <button type="button" class="primary" onClick={run} disabled={draft.trim() === ''}>
          Run
        </button>
      </div>
      <div class="tabs">
        <span role="tablist" aria-label="Result">
          {(['graph', 'table'] as const).map((tab) => (
            <button
              type="button"
              role="tab"
              key={tab}
              aria-selected={panel.tab === tab}
              onClick={() => panel.tab !== tab && props.change({ tab })}
            >
              {tab === 'graph' ? 'Graph' : 'Table'}
            </button>
          ))}
        </span>
        {graph && (
          <>
            <Toggle text="From zero" title="Draw the value axis from zero" on={panel.zero} set={(zero) => props.change({ zero })} />
            <Toggle text="Stacked" title="Draw the lines on top of each other" on={panel.stack} set={(stack) => props.change({ stack })} />
          </>
        )}
        <span class="grow" />
        <Cost result={current ?? null} />
        {!props.alone && (
          <button type="button" class="icon quiet" aria-label={`Remove panel ${props.index + 1}`} title="Remove this panel" onClick={props.remove}>
            <Icon name="cross" />
          </button>
        )}
      </div>
      <div class={`progress${result.busy && panel.expr !== '' ? ' busy' : ''}`} />
      {result.error !== undefined && <Failure error={result.error} />}
      {result.error !== undefined && <PlaceOfError error={result.error} expr={panel.expr} />}
      {current && <Remarks answer={current.answer} />}
      {panel.expr === '' && <Invitation pick={pick} />}
      {panel.expr !== '' && current && result.error === undefined && (
        <>
          {current.view.kind === 'graph' && (
            <GraphView
              {...current.view}
              expr={panel.expr}
              zero={panel.zero}
              stack={panel.stack}
              zoom={props.zoom}
              widen={props.widen}
            />
          )}
          {current.view.kind === 'table' && <ResultTable data={current.view.data} />}
        </>
      )}
    </section>
  );
}

async function askRange(expr: string, grid: Grid, signal: AbortSignal): Promise<Result> {
  const answer = await ask<QueryData>('query_range', {
    params: { query: expr, start: grid.start, end: grid.end, step: grid.step, stats: 'true' },
    post: true,
    signal,
  });
  const series = answer.data.resultType === 'matrix' ? answer.data.result : [];
  return {
    answer,
    view: {
      kind: 'graph',
      grid,
      times: instantsOf(grid),
      lines: series.filter((each) => each.values !== undefined).map((each) => lineOf(each, grid)),
      histograms: series.filter((each) => each.values === undefined).length,
    },
  };
}

async function askInstant(expr: string, endMillis: number, signal: AbortSignal): Promise<Result> {
  const answer = await ask<QueryData>('query', {
    params: { query: expr, time: endMillis / 1000, stats: 'true' },
    post: true,
    signal,
  });
  return { answer, view: { kind: 'table', data: answer.data } };
}

/** What the answer took, and how large it is. */
function Cost(props: { result: Result }) {
  if (props.result === null) return null;
  const { view, answer } = props.result;
  const read = answer.data.stats?.samples?.totalQueryableSamples;
  const series =
    view.kind === 'graph'
      ? view.lines.length + view.histograms
      : view.data.resultType === 'vector' || view.data.resultType === 'matrix'
        ? view.data.result.length
        : null;
  const parts = [
    series !== null && `${count(series)} series`,
    view.kind === 'graph' && `step ${formatDuration(view.grid.step * 1000)}`,
    read !== undefined && `${count(read)} samples read`,
    roughDuration(answer.millis),
  ].filter((part) => part !== false);
  return <span class="cost dim small num">{parts.join(' · ')}</span>;
}

function Remarks(props: { answer: Answer<QueryData> }) {
  return (
    <>
      {props.answer.warnings.map((text) => (
        <div class="note warn" key={text}>
          <b>warning</b>: {text.replace(/^PromQL warning: /, '')}
        </div>
      ))}
      {props.answer.infos.map((text) => (
        <div class="note info" key={text}>
          <b>info</b>: {text.replace(/^PromQL info: /, '')}
        </div>
      ))}
    </>
  );
}

/** The line that could not be read, with the place where reading stopped. */
function PlaceOfError(props: { error: unknown; expr: string }) {
  const place = locate(reasonOf(props.error), props.expr);
  if (place === null) return null;
  return (
    <pre class="place">
      {place.before}
      <mark>{place.at}</mark>
      {place.after}
    </pre>
  );
}

function Toggle(props: { text: string; title: string; on: boolean; set: (on: boolean) => void }) {
  return (
    <label class="toggle" title={props.title}>
      <input type="checkbox" checked={props.on} onChange={(event) => props.set(event.currentTarget.checked)} />
      {props.text}
    </label>
  );
}

/** Expressions that were run before. */
function HistoryMenu(props: { pick: (expr: string) => void }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const escape = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    document.addEventListener('keydown', escape);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      document.removeEventListener('keydown', escape);
    };
  }, [open]);
  return (
    <span class="menu" ref={box}>
      <button
        type="button"
        aria-expanded={open}
        title="Expressions run before"
        disabled={history.value.length === 0}
        onClick={() => setOpen(!open)}
      >
        History
      </button>
      {open && (
        <ul class="menu-list">
          {history.value.map((expr) => (
            <li key={expr}>
              <button type="button" class="mono" onClick={() => { setOpen(false); props.pick(expr); }}>
                {expr}
              </button>
            </li>
          ))}
        </ul>
      )}
    </span>
  );
}

const EXAMPLES = [
  ['up', 'which targets answer'],
  ['sum by (job) (rate(scrape_samples_scraped[5m]))', 'samples by job'],
  ['1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[1m]))', 'how busy the machines are'],
  ['topk(10, count by (__name__) ({__name__!=""}))', 'the metrics with the most series'],
] as const;

function Invitation(props: { pick: (expr: string) => void }) {
  return (
    <Empty title="Ask something">
      Write a PromQL expression and press Enter. Some to begin with:
      <span class="examples">
        {EXAMPLES.map(([expr, what]) => (
          <button type="button" key={expr} onClick={() => props.pick(expr)} title={expr}>
            {what}
          </button>
        ))}
      </span>
    </Empty>
  );
}
