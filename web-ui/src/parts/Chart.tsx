import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import '../style/chart.css';
import { formatMoment, formatTick } from '../model/clock';
import { pairsOf, type LabelSet } from '../model/labels';
import { stacked } from '../model/matrix';
import { isDark, zone } from '../settings';
import { axisColours, lineColour } from './colours';

/** A line to draw; where it has labels, the tooltip lists them. */
export interface ChartLine {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly labels?: LabelSet;
  /** Which colour; its place in the list if none. */
  readonly colour?: number;
}

export interface ChartProps {
  /** Seconds. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly height: number;
  /** Says what the chart shows to those who do not see it. */
  readonly title: string;
  readonly format: (value: number) => string;
  /** Like `format`, for the tooltip; there is room for more figures. */
  readonly formatLong?: (value: number) => string;
  readonly binary?: boolean;
  readonly zero?: boolean;
  readonly stack?: boolean;
  readonly fill?: boolean;
  /** The value axis reaches at least this far. */
  readonly atLeast?: number;
  /** Charts of one name share the crosshair. */
  readonly sync?: string;
  /** The line that stands out, or null. */
  readonly focus?: number | null;
  readonly onZoom?: (fromMillis: number, toMillis: number) => void;
  readonly onWiden?: () => void;
}

interface Tip {
  readonly left: number;
  readonly top: number;
  readonly index: number;
  readonly near: number | null;
}

/** Lines further than this from the pointer are not "the one under it". */
const NEAR_PIXELS = 36;
/** With more lines than this, the others are not dimmed: it would redraw them all at every move. */
const MOST_DIMMED = 80;
const MOST_TIP_ROWS = 8;
const BINARY_STEPS = Array.from({ length: 60 }, (_, i) => 2 ** i);

export function Chart(props: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const [tip, setTip] = useState<Tip | null>(null);
  const dark = isDark();
  const inZone = zone.value;
  const now = useRef(props);
  now.current = props;

  const shape = [
    props.lines.map((line) => `${line.name}\u0000${line.colour ?? ''}`).join('\u0001'),
    props.height, dark, inZone, props.binary, props.zero, props.stack, props.fill, props.atLeast, props.sync,
    props.format.name,
  ].join('|');

  useLayoutEffect(() => {
    const element = box.current!;
    const options = optionsFor(props, dark, element.clientWidth, {
      current: () => now.current,
      tip: setTip,
    });
    const u = new uPlot(options, dataOf(props), element);
    plot.current = u;
    const resized = new ResizeObserver(() => {
      const width = element.clientWidth;
      if (width > 0 && width !== u.width) u.setSize({ width, height: now.current.height });
    });
    resized.observe(element);
    return () => {
      resized.disconnect();
      u.destroy();
      plot.current = null;
      setTip(null);
    };
  }, [shape]);

  useEffect(() => {
    plot.current?.setData(dataOf(props));
  }, [props.times, props.lines]);

  useEffect(() => {
    const u = plot.current;
    if (u === null || props.focus === undefined) return;
    u.setSeries(props.focus === null ? null : placeOf(props.focus, props), { focus: props.focus !== null }, false);
  }, [props.focus, shape]);

  return (
    <div class="chart" ref={box} role="img" aria-label={props.title} style={{ height: `${props.height}px` }}>
      {props.times.length > 0 && !props.lines.some(({ values }) => values.some((value) => value !== null)) && (
        <span class="none">No data in this span</span>
      )}
      {tip !== null && <Tooltip tip={tip} props={props} dark={dark} width={box.current?.clientWidth ?? 0} />}
    </div>
  );
}

function dataOf(props: ChartProps): uPlot.AlignedData {
  const values = props.lines.map((line) => line.values as (number | null)[]);
  return [props.times as number[], ...(props.stack ? stacked(values).reverse() : values)];
}

/**
 * Which of the plot's series draws the line, and the other way round. A stack is drawn from the top
 * down, so that a lower line is not hidden by one that adds nothing to it.
 */
function placeOf(index: number, props: ChartProps): number {
  return props.stack ? props.lines.length - index : index + 1;
}

function lineAt(place: number, props: ChartProps): number {
  return props.stack ? props.lines.length - place : place - 1;
}

interface Outside {
  current: () => ChartProps;
  tip: (tip: Tip | null) => void;
}

function optionsFor(props: ChartProps, dark: boolean, width: number, outside: Outside): uPlot.Options {
  const colours = axisColours(dark);
  const font = '11.5px system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif';
  const axis = { stroke: colours.text, font, grid: { stroke: colours.grid, width: 1 } };
  let near: number | null = null;
  return {
    width: Math.max(width, 50),
    height: props.height,
    padding: [10, 14, 0, 0],
    legend: { show: false },
    ...(zone.value === 'utc'
      ? { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') }
      : {}),
    focus: { alpha: props.lines.length > MOST_DIMMED || props.fill ? 1 : 0.28 },
    cursor: {
      y: false,
      points: { size: 6, width: 1.5, fill: dark ? '#151a21' : '#fdfcf8' },
      drag: { x: props.onZoom !== undefined, y: false, setScale: false, dist: 4 },
      focus: { prox: NEAR_PIXELS },
      bind: {
        dblclick: () => () => {
          outside.current().onWiden?.();
          return null;
        },
      },
      ...(props.sync ? { sync: { key: props.sync, setSeries: false } } : {}),
    },
    scales: {
      x: { time: true, range: (_, from, to) => [from, to] },
      y: { range: (_, low, high) => valueRange(low, high, outside.current()) },
    },
    axes: [
      {
        ...axis,
        size: 30,
        gap: 6,
        space: 74,
        ticks: { stroke: colours.tick, size: 4 },
        values: (_, splits, _axis, _space, step) => splits.map((s) => formatTick(s, step, zone.value)),
      },
      {
        ...axis,
        gap: 6,
        space: 34,
        ticks: { show: false },
        ...(props.binary ? { incrs: BINARY_STEPS } : {}),
        size: (_, values) => Math.max(40, 16 + 6.6 * Math.max(0, ...(values ?? []).map((v) => v?.length ?? 0))),
        values: (_, splits) => splits.map((value) => outside.current().format(value)),
      },
    ],
    series: [{}, ...(props.stack ? seriesOf(props, dark).reverse() : seriesOf(props, dark))],
    ...(props.stack
      ? { bands: props.lines.slice(1).map((_, i) => ({ series: [i + 1, i + 2] as [number, number] })) }
      : {}),
    hooks: {
      setSeries: [(_, index, options) => {
        // The type says Series; a change of focus comes as `{ focus }`.
        if ('focus' in options) near = index === null ? null : lineAt(index, outside.current());
      }],
      setCursor: [(u) => {
        const { left = -1, top = -1, idx } = u.cursor;
        if (left < 0 || idx === null || idx === undefined) outside.tip(null);
        else outside.tip({ left: left + u.over.offsetLeft, top: top + u.over.offsetTop, index: idx, near });
      }],
      setSelect: [(u) => {
        if (u.select.width < 4) return;
        const from = u.posToVal(u.select.left, 'x');
        const to = u.posToVal(u.select.left + u.select.width, 'x');
        u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        outside.current().onZoom?.(from * 1000, to * 1000);
      }],
    },
  };
}

function seriesOf(props: ChartProps, dark: boolean): uPlot.Series[] {
  return props.lines.map((line, i) => {
    const stroke = lineColour(line.colour ?? i, dark);
    return {
      label: line.name,
      stroke,
      width: props.lines.length > 30 ? 1 : 1.5,
      ...(props.stack || props.fill ? { fill: alpha(stroke, props.stack ? 0.38 : 0.12) } : {}),
      // A sample between two gaps has no line to show it: it gets a point.
      points: { size: 4, fill: stroke, show: true, filter: (u, index) => lonely(u.data[index] as (number | null)[]) },
    };
  });
}

function lonely(values: readonly (number | null | undefined)[]): number[] {
  const alone: number[] = [];
  values.forEach((value, i) => {
    if (value != null && values[i - 1] == null && values[i + 1] == null) alone.push(i);
  });
  return alone;
}

function alpha(colour: string, share: number): string {
  return colour.startsWith('#')
    ? colour + Math.round(share * 255).toString(16).padStart(2, '0')
    : colour.replace(')', ` / ${share})`);
}

function valueRange(low: number | null, high: number | null, props: ChartProps): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const grounded = props.zero || props.stack || props.fill;
  const from = grounded ? Math.min(0, low) : low;
  const to = Math.max(grounded ? Math.max(0, high) : high, props.atLeast ?? -Infinity);
  if (from === to) return from === 0 ? [0, 1] : [from - Math.abs(from) * 0.1, to + Math.abs(to) * 0.1];
  const margin = (to - from) * 0.07;
  const capped = props.atLeast !== undefined && to === props.atLeast;
  return [grounded && from === 0 ? 0 : from - margin, capped || (grounded && to === 0) ? to : to + margin];
}

function Tooltip({ tip, props, dark, width }: { tip: Tip; props: ChartProps; dark: boolean; width: number }) {
  const format = props.formatLong ?? props.format;
  const time = props.times[tip.index];
  const rows = props.lines
    .map((line, i) => ({ line, i, value: line.values[tip.index] }))
    .filter((row) => row.value !== null && row.value !== undefined);
  if (time === undefined || rows.length === 0) return null;
  const nearest = rows.find((row) => row.i === tip.near);
  const shown = rows.length <= MOST_TIP_ROWS ? rows : nearest ? [nearest] : [];
  const right = tip.left > width / 2;
  const shift = right ? 'calc(-100% - 14px)' : '14px';
  return (
    <div class="tip" style={{ transform: `translate(calc(${tip.left}px + ${shift}), ${Math.max(0, tip.top - 20)}px)` }}>
      <time>{formatMoment(time * 1000, zone.value)}</time>
      {shown.map(({ line, i, value }) => (
        <div class={`row${i === tip.near && rows.length > 1 ? ' near' : ''}`} key={i}>
          <span class="swatch" style={{ background: lineColour(line.colour ?? i, dark) }} />
          <span>{line.name}</span>
          <span class="num">{format(value!)}</span>
        </div>
      ))}
      {shown.length === 0 && <span class="dim">{rows.length} lines; point at one of them</span>}
      {shown.length === 1 && shown[0]!.line.labels && <LabelList labels={shown[0]!.line.labels} />}
    </div>
  );
}

function LabelList(props: { labels: LabelSet }) {
  return (
    <dl>
      {pairsOf(props.labels).flatMap(([name, value]) => [<dt key={`${name}:`}>{name}</dt>, <dd key={name}>{value}</dd>])}
    </dl>
  );
}
