import { useState } from 'preact/hooks';
import type { QueryData, VectorSample } from '../api/types';
import { formatMoment } from '../model/clock';
import { selectorOf, type LabelSet } from '../model/labels';
import type { MatrixSeries } from '../model/matrix';
import { count, exact, parseSample } from '../model/number';
import { Empty } from '../parts/Notes';
import { zone } from '../settings';

const MOST_ROWS = 500;
/** With more label names than this, a row shows its series as a selector. */
const MOST_COLUMNS = 9;
const MOST_SAMPLES = 60;

/** An instant query's answer as a table that can be sorted and copied. */
export function ResultTable({ data }: { data: QueryData }) {
  switch (data.resultType) {
    case 'vector':
      return data.result.length === 0 ? <NoRows /> : <Vector samples={data.result} />;
    case 'matrix':
      return data.result.length === 0 ? <NoRows /> : <Matrix series={data.result} />;
    case 'scalar':
    case 'string':
      return (
        <dl class="single">
          <dt>{data.resultType}</dt>
          <dd class="num">{data.resultType === 'scalar' ? exact(parseSample(data.result[1])) : data.result[1]}</dd>
        </dl>
      );
  }
}

function NoRows() {
  return (
    <Empty title="Empty result">
      No series matched at this moment. A series is found for five minutes after its last sample.
    </Empty>
  );
}

function columnsOf(all: readonly LabelSet[]): string[] | null {
  const names = new Set<string>();
  for (const labels of all) for (const name of Object.keys(labels)) names.add(name);
  if (names.size > MOST_COLUMNS) return null;
  const named = names.delete('__name__');
  return [...(named ? ['__name__'] : []), ...[...names].sort()];
}

type Order = { readonly by: string | null; readonly down: boolean };

/** The order's name for the column of values: no label can be called so. */
const VALUE = '\u0000value';

function valueOf(sample: VectorSample): number {
  return parseSample(sample.value?.[1] ?? sample.histogram?.[1].count ?? '');
}

function Vector(props: { samples: readonly VectorSample[] }) {
  const [order, setOrder] = useState<Order>({ by: null, down: false });
  const [all, setAll] = useState(false);
  const columns = columnsOf(props.samples.map((sample) => sample.metric));
  const sorted = order.by === null ? props.samples : props.samples.toSorted((a, b) => compare(a, b, order));
  const rows = all ? sorted : sorted.slice(0, MOST_ROWS);
  const head = (column: string, text: string, right = false) => (
    <th
      key={column}
      class={right ? 'num' : ''}
      aria-sort={order.by !== column ? undefined : order.down ? 'descending' : 'ascending'}
    >
      <button
        type="button"
        onClick={() => setOrder({ by: column, down: order.by === column ? !order.down : right })}
      >
        {text}
        {order.by === column && (order.down ? ' ↓' : ' ↑')}
      </button>
    </th>
  );
  return (
    <div class="result">
      <div class="scroll">
        <table>
          <thead>
            <tr>
              {columns === null
                ? head('', 'Series')
                : columns.map((name) => head(name, name === '__name__' ? 'metric' : name))}
              {head(VALUE, 'Value', true)}
            </tr>
          </thead>
          <tbody>
            {rows.map((sample) => (
              <tr key={selectorOf(sample.metric)}>
                {columns === null ? (
                  <td class="mono">{selectorOf(sample.metric)}</td>
                ) : (
                  columns.map((name) => (
                    <td class="mono" key={name}>
                      {sample.metric[name] ?? ''}
                    </td>
                  ))
                )}
                <td class="num mono">{textOf(sample)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="result-foot">
        {rows.length < sorted.length && (
          <button type="button" onClick={() => setAll(true)}>
            Show all {count(sorted.length)} rows
          </button>
        )}
        <CopyCsv samples={sorted} />
      </div>
    </div>
  );
}

function compare(a: VectorSample, b: VectorSample, order: Order): number {
  const sign = order.down ? -1 : 1;
  if (order.by === VALUE) {
    const [x, y] = [valueOf(a), valueOf(b)];
    // NaN stands at the end, whichever way is up.
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return x === y ? 0 : sign * (x < y ? -1 : 1);
  }
  const text = (sample: VectorSample) =>
    order.by === '' ? selectorOf(sample.metric) : (sample.metric[order.by ?? ''] ?? '');
  return sign * text(a).localeCompare(text(b), undefined, { numeric: true });
}

function textOf(sample: VectorSample): string {
  if (sample.histogram !== undefined) {
    const { count: observations, sum } = sample.histogram[1];
    return `histogram: ${exact(parseSample(observations))} observations, sum ${exact(parseSample(sum))}`;
  }
  return exact(parseSample(sample.value?.[1] ?? ''));
}

function CopyCsv(props: { samples: readonly VectorSample[] }) {
  const [done, setDone] = useState(false);
  if (navigator.clipboard === undefined) return null;
  const copy = async () => {
    const names = [...new Set(props.samples.flatMap((sample) => Object.keys(sample.metric)))].sort();
    const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
    const lines = [
      [...names, 'time', 'value'],
      ...props.samples.map((sample) => [
        ...names.map((name) => sample.metric[name] ?? ''),
        String(sample.value?.[0] ?? sample.histogram?.[0] ?? ''),
        sample.value?.[1] ?? sample.histogram?.[1].count ?? '',
      ]),
    ];
    await navigator.clipboard.writeText(`${lines.map((line) => line.map(cell).join(',')).join('\n')}\n`);
    setDone(true);
    window.setTimeout(() => setDone(false), 1500);
  };
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      {done ? 'Copied' : 'Copy as CSV'}
    </button>
  );
}

function Matrix(props: { series: readonly MatrixSeries[] }) {
  return (
    <div class="result">
      <table>
        <thead>
          <tr>
            <th>Series</th>
            <th class="num">Samples</th>
          </tr>
        </thead>
        <tbody>
          {props.series.slice(0, MOST_ROWS).map((each) => {
            const values = each.values ?? [];
            return (
              <tr key={selectorOf(each.metric)}>
                <td class="mono">{selectorOf(each.metric)}</td>
                <td class="num mono">
                  {values.length > MOST_SAMPLES && <div class="faint">… {count(values.length - MOST_SAMPLES)} earlier</div>}
                  {values.slice(-MOST_SAMPLES).map(([time, value]) => (
                    <div key={time}>
                      {exact(parseSample(value))} <span class="faint">@ {formatMoment(Math.round(time * 1000), zone.value)}</span>
                    </div>
                  ))}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
