import { useState } from 'preact/hooks';
import { ask, reasonOf } from '../api/client';
import { usePoll } from '../api/poll';
import type { NamedCount, TsdbStatus } from '../api/types';
import { formatMoment, momentOf } from '../model/clock';
import { roughDuration } from '../model/duration';
import { matchesSearch, selectorOf } from '../model/labels';
import { bytes, count } from '../model/number';
import { queryLink } from '../model/querystate';
import { Failure } from '../parts/Notes';
import { PageRefresh, refreshChoice, refreshMillis } from '../parts/Refresh';
import { prefix } from '../router';
import { zone } from '../settings';
import { ActiveQueries } from './ActiveQueries';
import '../style/lists.css';
import '../style/status.css';

const refresh = refreshChoice('status', '30s');

interface Parts {
  readonly build: Record<string, unknown>;
  readonly runtime: Record<string, unknown>;
  readonly flags: Record<string, string>;
  readonly config: string;
  readonly tsdb: TsdbStatus;
  /** What could not be had, by name. */
  readonly failures: readonly string[];
}

/** What runs here, how it was started, and what it holds. */
export function Status() {
  const status = usePoll(readStatus, 'status', refreshMillis(refresh));
  const parts = status.data;
  return (
    <>
      <div class="page-head">
        <h1>Status</h1>
        <nav class="jumps small" aria-label="Sections">
          <a href="#queries">Queries</a>
          <a href="#runtime">Runtime</a>
          <a href="#storage">Storage</a>
          <a href="#flags">Flags</a>
          <a href="#configuration">Configuration</a>
        </nav>
        <span class="grow" />
        <PageRefresh chosen={refresh} again={status.again} busy={status.busy} />
      </div>
      {status.error !== undefined && <Failure error={status.error} />}
      {parts?.failures.map((failure) => (
        <div class="note warn" key={failure}>
          {failure}
        </div>
      ))}
      <ActiveQueries refreshes={refreshMillis(refresh) > 0} />
      {parts !== undefined && (
        <>
          <div class="halves" id="runtime">
            <Facts title="Runtime" facts={factsOf(parts.runtime)} />
            <Facts title="Build" facts={buildFacts(parts.build)} />
          </div>
          <Storage tsdb={parts.tsdb} />
          <Flags flags={parts.flags} />
          <Configuration yaml={parts.config} />
        </>
      )}
    </>
  );
}

async function readStatus(signal: AbortSignal): Promise<Parts> {
  const failures: string[] = [];
  const part = async <T,>(path: string, otherwise: T): Promise<T> => {
    try {
      return (await ask<T>(`status/${path}`, { signal })).data;
    } catch (error) {
      if (signal.aborted) throw error;
      failures.push(`${path.replace(/\?.*/, '')}: ${reasonOf(error)}`);
      return otherwise;
    }
  };
  const [build, runtime, flags, config, tsdb] = await Promise.all([
    part<Record<string, unknown>>('buildinfo', {}),
    part<Record<string, unknown>>('runtimeinfo', {}),
    part<Record<string, string>>('flags', {}),
    part<{ yaml: string }>('config', { yaml: '' }),
    part<TsdbStatus>('tsdb?limit=15', {}),
  ]);
  return { build, runtime, flags, config: config.yaml, tsdb, failures };
}

type Fact = readonly [name: string, value: string];

function Facts(props: { title: string; facts: readonly Fact[] }) {
  return (
    <section class="panel">
      <header>
        <h2>{props.title}</h2>
      </header>
      <dl class="facts pad">
        {props.facts.flatMap(([name, value]) => [<dt key={`${name}:`}>{name}</dt>, <dd key={name}>{value}</dd>])}
      </dl>
    </section>
  );
}

/** The API's names come from Prometheus and Go; these say what they mean here. */
const NAMES: Readonly<Record<string, string>> = {
  version: 'Answers like Prometheus',
  revision: 'Commit',
  buildDate: 'Built',
  javaVersion: 'Java',
  CWD: 'Working folder',
  corruptionCount: 'Damages found',
  goroutineCount: 'Threads',
  GOMAXPROCS: 'Processors',
  GOMEMLIMIT: 'Memory limit',
  reloadConfigSuccess: 'Last reload worked',
  lastConfigTime: 'Configuration read',
};

function buildFacts(build: Record<string, unknown>): Fact[] {
  const { application, applicationVersion, ...rest } = build;
  const own: Fact[] = typeof application === 'string' ? [[application, shown(applicationVersion)]] : [];
  return [...own, ...factsOf(rest)];
}

function factsOf(all: Record<string, unknown>): Fact[] {
  return Object.entries(all)
    .filter(([, value]) => value !== '' && value !== null)
    .map(([name, value]): Fact => [NAMES[name] ?? spaced(name), name === 'GOMEMLIMIT' ? bytes(Number(value)) : shown(value)]);
}

/** `lastConfigTime` → `Last config time`; names in capitals stay as they are. */
function spaced(name: string): string {
  if (/^[A-Z_]+$/.test(name)) return name;
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function shown(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const moment = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? momentOf(value) : null;
  if (moment !== null) {
    const ago = Date.now() - moment;
    const since = ago > 2_000 ? ` (${roughDuration(ago)} ago)` : '';
    return formatMoment(Math.floor(moment / 1000) * 1000, zone.value) + since;
  }
  if (value === '' || value === null || value === undefined) return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function Storage({ tsdb }: { tsdb: TsdbStatus }) {
  const head = tsdb.headStats ?? {};
  const moment = (millis: number | undefined) =>
    millis === undefined || millis <= 0 || millis > 8.64e15 ? '–' : formatMoment(Math.floor(millis / 1000) * 1000, zone.value);
  return (
    <section class="panel" id="storage">
      <header>
        <h2>Storage head</h2>
        <span class="dim small">the newest samples, still in memory</span>
      </header>
      <dl class="figures">
        <Figure name="Series" value={count(head.numSeries ?? 0)} />
        <Figure name="Chunks" value={count(head.chunkCount ?? 0)} />
        <Figure name="Label pairs" value={count(head.numLabelPairs ?? 0)} />
        <Figure name="Oldest sample" value={moment(head.minTime)} />
        <Figure name="Newest sample" value={moment(head.maxTime)} />
      </dl>
      <div class="quarters">
        <Ranking
          title="Series by metric"
          entries={tsdb.seriesCountByMetricName}
          linkOf={(name) => queryLink(`count by (job, instance) (${selectorOf({ __name__: name })})`)}
        />
        <Ranking
          title="Series by label pair"
          entries={tsdb.seriesCountByLabelValuePair}
          linkOf={(name) => {
            const at = name.indexOf('=');
            const pair = { [name.slice(0, at)]: name.slice(at + 1) };
            return queryLink(`topk(20, count by (__name__) (${selectorOf(pair)}))`);
          }}
        />
        <Ranking
          title="Values by label"
          entries={tsdb.labelValueCountByLabelName}
          linkOf={(name) =>
            name === '__name__' ? null : queryLink(`topk(20, count by (${name}) ({${name}!=""}))`)
          }
        />
        <Ranking title="Memory by label" entries={tsdb.memoryInBytesByLabelName} format={bytes} linkOf={() => null} />
      </div>
    </section>
  );
}

function Figure(props: { name: string; value: string }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd class="num">{props.value}</dd>
    </div>
  );
}

function Ranking(props: {
  title: string;
  entries: readonly NamedCount[] | undefined;
  format?: (value: number) => string;
  linkOf: (name: string) => string | null;
}) {
  const entries = props.entries ?? [];
  const most = Math.max(1, ...entries.map((entry) => entry.value));
  return (
    <div>
      <h3>{props.title}</h3>
      {entries.length === 0 && <p class="faint small">Nothing yet</p>}
      <ol class="ranking">
        {entries.map(({ name, value }) => {
          const link = props.linkOf(name);
          return (
            <li key={name}>
              <span class="bar" style={{ width: `${(value / most) * 100}%` }} />
              <span class="mono" title={name}>
                {link === null ? name : <a href={prefix + tableLink(link)}>{name}</a>}
              </span>
              <span class="num">{(props.format ?? count)(value)}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function tableLink(link: string): string {
  return `${link}&g0.tab=table`;
}

function Flags(props: { flags: Record<string, string> }) {
  const [search, setSearch] = useState('');
  const entries = Object.entries(props.flags)
    .filter((flag) => matchesSearch(search, flag))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <section class="panel" id="flags">
      <header>
        <h2>Flags</h2>
        <span class="grow" />
        <input
          type="search"
          class="search"
          placeholder="Search flags"
          aria-label="Search flags"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      </header>
      <dl class="flags mono">
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>--{name}</dt>
            <dd>{value === '' ? <span class="faint">""</span> : value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Configuration(props: { yaml: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(props.yaml);
    setCopied(true);
    window.setTimeout(() => setCopied(false), 1500);
  };
  return (
    <section class="panel" id="configuration">
      <header>
        <h2>Configuration</h2>
        <span class="dim small">as it is in force, with the defaults filled in and secrets hidden</span>
        <span class="grow" />
        {navigator.clipboard !== undefined && (
          <button type="button" onClick={() => void copy()}>
            {copied ? 'Copied' : 'Copy'}
          </button>
        )}
      </header>
      <pre class="yaml" tabIndex={0}>
        {props.yaml}
      </pre>
    </section>
  );
}
