import type { ComponentChildren } from 'preact';
import { ask } from '../api/client';
import { usePoll } from '../api/poll';
import type { RuleGroup, Targets, TsdbStatus } from '../api/types';
import { momentOf } from '../model/clock';
import { formatDuration, parseDuration, roughDuration } from '../model/duration';
import { pairsOf, selectorOf } from '../model/labels';
import { bytes, count, percent, short } from '../model/number';
import { queryLink } from '../model/querystate';
import { fittingRange, OVERVIEW_RANGES } from '../model/span';
import { chooseStep, gridOf, type Grid } from '../model/step';
import { Chips } from '../parts/Chips';
import { Empty, Failure } from '../parts/Notes';
import { PageRefresh, refreshChoice, refreshMillis } from '../parts/Refresh';
import { Spark } from '../parts/Spark';
import { prefix } from '../router';
import { choice } from '../settings';
import '../style/overview.css';
import { line, newest, QUESTIONS } from './overview-data';
import { HostPanels, SelfPanels } from './OverviewPanels';

const refresh = refreshChoice('overview', '15s');
const chosenRange = choice('overview.range', ['fitting', ...OVERVIEW_RANGES]);

/** The width that the overview's charts are asked for; their real one hardly matters here. */
const CHART_PIXELS = 640;

/** The question of whoever opens the console: is anything wrong? Then the figures behind the answer. */
export function Overview() {
  const every = refreshMillis(refresh);
  const state = usePoll(readState, 'state', every);
  const range = chosenRange.value === 'fitting' ? fittingRange(ageOf(state.data)) : chosenRange.value;
  const rangeMillis = parseDuration(range) ?? 3_600_000;
  const window = windowFor(state.data?.targets, rangeMillis);
  const gridNow = () => gridOf(rangeMillis, Date.now(), chooseStep(rangeMillis, CHART_PIXELS, 'medium'));
  const known = state.data !== undefined;
  const trends = usePoll((signal) => readTrends(gridNow(), window, signal), `${range} ${window}`, every);
  const again = () => {
    state.again();
    trends.again();
  };
  return (
    <>
      <div class="page-head">
        <h1>Overview</h1>
        <span class="grow" />
        <Chips
          label="Time range"
          value={range}
          onChange={(value) => (chosenRange.value = value)}
          options={OVERVIEW_RANGES.map((text) => [text, text] as const)}
        />
        <PageRefresh chosen={refresh} again={again} busy={state.busy || trends.busy} />
      </div>
      {state.error !== undefined && <Failure error={state.error} />}
      {known && <Headline state={state.data!} />}
      {known && <Tiles state={state.data!} trends={trends.data} window={window} />}
      {trends.error !== undefined && state.error === undefined && <Failure error={trends.error} />}
      {known && state.data!.targets.activeTargets.length === 0 && (
        <section class="panel">
          <Empty title="Nothing is watched yet">
            Add targets to <code>scrape_configs</code> in the configuration file, or point a Prometheus, vmagent or
            OpenTelemetry collector at <code>/api/v1/write</code>.
          </Empty>
        </section>
      )}
      {known && <HostPanels gridNow={gridNow} window={window} everyMillis={every} rangeText={range} />}
      {known && <SelfPanels gridNow={gridNow} window={window} everyMillis={every} rangeText={range} />}
    </>
  );
}

interface State {
  readonly targets: Targets;
  readonly groups: readonly RuleGroup[];
  readonly tsdb: TsdbStatus;
  readonly runtime: Readonly<Record<string, unknown>>;
  readonly version: string;
}

async function readState(signal: AbortSignal): Promise<State> {
  // What is wrong must be known; the figures around it may be missing.
  const optional = <T,>(path: string, otherwise: T) =>
    ask<T>(path, { signal }).then(
      ({ data }) => data,
      (error: unknown) => {
        if (signal.aborted) throw error;
        return otherwise;
      },
    );
  const [targets, rules, tsdb, runtime, build] = await Promise.all([
    ask<Targets>('targets', { params: { state: 'active' }, signal }),
    ask<{ groups: readonly RuleGroup[] }>('rules', { params: { type: 'alert' }, signal }),
    optional<TsdbStatus>('status/tsdb', {}),
    optional<Record<string, unknown>>('status/runtimeinfo', {}),
    optional<{ version?: string }>('status/buildinfo', {}),
  ]);
  return {
    targets: targets.data,
    groups: rules.data.groups,
    tsdb,
    runtime,
    version: build.version ?? '',
  };
}

/** How long ago the oldest sample in memory is; null when there is none, or nobody knows. */
function ageOf(state: State | undefined): number | null {
  const oldest = state?.tsdb.headStats?.minTime ?? 0;
  return oldest > 0 && oldest < Date.now() ? Date.now() - oldest : null;
}

interface Trends {
  readonly grid: Grid;
  readonly ingest: (number | null)[];
  readonly series: (number | null)[];
  readonly memory: (number | null)[];
  readonly cpu: (number | null)[];
}

async function readTrends(grid: Grid, window: string, signal: AbortSignal): Promise<Trends> {
  const [ingest, series, memory, cpu] = await Promise.all([
    line(QUESTIONS.ingest(window), grid, signal),
    line(QUESTIONS.series, grid, signal),
    line(QUESTIONS.ownMemory, grid, signal),
    line(QUESTIONS.ownCpu(window), grid, signal),
  ]);
  return { grid, ingest, series, memory, cpu };
}

/** Wide enough for four scrapes of the slowest target, and for every point to see all samples. */
function windowFor(targets: Targets | undefined, rangeMillis: number): string {
  const intervals = (targets?.activeTargets ?? []).map((target) => parseDuration(target.scrapeInterval ?? '') ?? 0);
  const step = chooseStep(rangeMillis, CHART_PIXELS, 'medium') * 1000;
  return formatDuration(Math.max(30_000, 4 * Math.min(300_000, Math.max(0, ...intervals)), step));
}

interface Problem {
  readonly tone: 'bad' | 'warn';
  readonly kind: string;
  readonly what: string;
  readonly detail: string;
  readonly since: number | null;
  readonly link: string;
}

const MOST_PROBLEMS = 8;

function problemsOf(state: State): Problem[] {
  const firing = state.groups
    .flatMap((group) => group.rules)
    .flatMap((rule) => (rule.type === 'alerting' ? (rule.alerts ?? []) : []))
    .filter((alert) => alert.state === 'firing');
  // What an alert says already is not said again.
  const told = new Set(firing.map(({ labels }) => `${labels['job']} ${labels['instance']}`));
  const down = state.targets.activeTargets
    .filter((target) => target.health === 'down' && !told.has(`${target.labels['job']} ${target.labels['instance']}`))
    .map((target): Problem => ({
      tone: 'bad',
      kind: 'down',
      what: `${target.labels['job'] ?? target.scrapePool} on ${target.labels['instance'] ?? target.scrapeUrl}`,
      detail: target.lastError,
      since: null,
      link: 'targets?health=down',
    }));
  const rules = state.groups.flatMap((group) => group.rules);
  const alerts = rules.flatMap((rule): Problem[] => {
    if (rule.type !== 'alerting') return [];
    const broken: Problem[] =
      rule.health === 'err'
        ? [{ tone: 'warn', kind: 'rule', what: rule.name, detail: rule.lastError ?? 'cannot be evaluated', since: null, link: alertLink(rule.name) }]
        : [];
    const firing = (rule.alerts ?? [])
      .filter((alert) => alert.state === 'firing')
      .map((alert): Problem => ({
        tone: 'bad',
        kind: 'firing',
        what: rule.name,
        detail:
          alert.annotations['summary'] ??
          alert.annotations['description'] ??
          pairsOf(alert.labels)
            .filter(([name]) => name !== 'alertname')
            .map(([name, value]) => `${name}=${value}`)
            .join(' '),
        since: momentOf(alert.activeAt),
        link: alertLink(rule.name),
      }));
    return [...firing, ...broken];
  });
  return [...alerts, ...down].sort((a, b) => a.tone.localeCompare(b.tone));
}

function alertLink(name: string): string {
  return `alerts?${new URLSearchParams({ search: name })}`;
}

function Headline({ state }: { state: State }) {
  const problems = problemsOf(state);
  const targets = state.targets.activeTargets;
  const waiting = targets.filter((target) => target.health === 'unknown').length;
  if (problems.length === 0) {
    const text =
      targets.length === 0
        ? 'Ready, and waiting for data'
        : waiting > 0
          ? `Waiting for the first scrape of ${waiting === 1 ? 'one target' : `${waiting} targets`}`
          : `All is well: ${targets.length === 1 ? 'the only target is' : `all ${targets.length} targets are`} up, nothing fires`;
    return <p class={`headline ${targets.length === 0 || waiting > 0 ? 'idle' : 'ok'}`}>{text}</p>;
  }
  return (
    <section class={`headline ${problems.some((problem) => problem.tone === 'bad') ? 'bad' : 'warn'}`}>
      <h2>{problems.length === 1 ? 'One thing needs' : `${problems.length} things need`} attention</h2>
      <ul>
        {problems.slice(0, MOST_PROBLEMS).map((problem, i) => (
          <li key={i}>
            <span class={`badge ${problem.tone}`}>{problem.kind}</span>
            <a href={prefix + problem.link}>{problem.what}</a>
            <span class="dim detail">{problem.detail}</span>
            {problem.since !== null && <span class="dim num">{roughDuration(Date.now() - problem.since)}</span>}
          </li>
        ))}
      </ul>
      {problems.length > MOST_PROBLEMS && <a href={`${prefix}alerts?state=firing`}>and {problems.length - MOST_PROBLEMS} more</a>}
    </section>
  );
}

function Tiles({ state, trends, window }: { state: State; trends: Trends | undefined; window: string }) {
  const targets = state.targets.activeTargets;
  const up = targets.filter((target) => target.health === 'up').length;
  const down = targets.filter((target) => target.health === 'down').length;
  const rules = state.groups.flatMap((group) => group.rules);
  const alerts = rules.flatMap((rule) => (rule.type === 'alerting' ? (rule.alerts ?? []) : []));
  const firing = alerts.filter((alert) => alert.state === 'firing').length;
  const pending = alerts.filter((alert) => alert.state === 'pending').length;
  const started = momentOf(state.runtime['startTime'] as string | undefined);
  const ingest = trends && newest(trends.ingest);
  const memory = trends && newest(trends.memory);
  const cpu = trends && newest(trends.cpu);
  const series = state.tsdb.headStats?.numSeries;
  return (
    <div class="tiles">
      <Tile name="Targets up" link="targets" tone={down > 0 ? 'bad' : ''} value={`${up}`} unit={`of ${targets.length}`}>
        <PoolBars targets={state.targets} />
      </Tile>
      <Tile name="Alerts firing" link="alerts" tone={firing > 0 ? 'bad' : pending > 0 ? 'warn' : ''} value={`${firing}`}>
        <p class="sub">
          {pending} pending · {rules.length} {rules.length === 1 ? 'rule' : 'rules'}
        </p>
      </Tile>
      <Tile
        name="Ingest"
        link={queryLink(QUESTIONS.ingest(window))}
        value={ingest == null ? '–' : short(ingest)}
        unit="samples/s"
      >
        <Spark values={trends?.ingest ?? []} />
      </Tile>
      <Tile name="Active series" link="status#storage" value={series === undefined ? '–' : count(series)}>
        <Spark values={trends?.series ?? []} />
      </Tile>
      <Tile
        name="Own memory"
        link={queryLink(QUESTIONS.ownMemory)}
        value={memory == null ? '–' : bytes(memory)}
      >
        <Spark values={trends?.memory ?? []} />
      </Tile>
      <Tile name="Running for" link="status" value={started === null ? '–' : roughDuration(Date.now() - started)}>
        <p class="sub" title={state.version === '' ? undefined : `Version ${state.version}`}>
          {[
            cpu != null && `${percent(cpu)} CPU`,
            typeof state.runtime['storageRetention'] === 'string' && `keeps ${state.runtime['storageRetention']}`,
          ]
            .filter((part) => part !== false)
            .join(' · ')}
        </p>
      </Tile>
    </div>
  );
}

function Tile(props: {
  name: string;
  link: string;
  value: string;
  unit?: string | undefined;
  tone?: string;
  children?: ComponentChildren;
}) {
  return (
    <a class={`tile panel ${props.tone ?? ''}`} href={prefix + props.link}>
      <span class="name">{props.name}</span>
      <span class="value num">
        {props.value}
        {props.unit !== undefined && <small>{props.unit}</small>}
      </span>
      {props.children}
    </a>
  );
}

/** A cell for each target, in the order of their pools: where the holes are is seen at once. */
function PoolBars(props: { targets: Targets }) {
  const sorted = props.targets.activeTargets.toSorted((a, b) =>
    `${a.scrapePool} ${selectorOf(a.labels)}` < `${b.scrapePool} ${selectorOf(b.labels)}` ? -1 : 1,
  );
  return (
    <span class="cells" aria-hidden="true">
      {sorted.slice(0, 400).map((target) => (
        <i key={`${target.scrapeUrl}${selectorOf(target.labels)}`} class={target.health} title={selectorOf(target.labels)} />
      ))}
    </span>
  );
}
