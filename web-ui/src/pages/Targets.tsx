import { ask } from '../api/client';
import { usePoll } from '../api/poll';
import type { Health, Target, Targets as TargetsData } from '../api/types';
import { roughDuration } from '../model/duration';
import { matchesSearch, selectorOf } from '../model/labels';
import { queryLink } from '../model/querystate';
import { Ago } from '../parts/Ago';
import { Chips } from '../parts/Chips';
import { Empty, Failure } from '../parts/Notes';
import { PageRefresh, refreshChoice, refreshMillis } from '../parts/Refresh';
import { Tags } from '../parts/Tags';
import { place, prefix, setSearch } from '../router';
import '../style/lists.css';

const refresh = refreshChoice('targets', '5s');

type Filter = 'all' | Health;
const TONE: Record<Health, string> = { up: 'ok', down: 'bad', unknown: '' };

/** What is scraped, pool by pool, and how that goes. */
export function Targets() {
  const params = new URLSearchParams(place.value.search);
  const search = params.get('search') ?? '';
  const health = (params.get('health') ?? 'all') as Filter;
  const targets = usePoll(
    (signal) => ask<TargetsData>('targets', { params: { state: 'active' }, signal }),
    'targets',
    refreshMillis(refresh),
  );
  const all = targets.data?.data.activeTargets ?? [];
  const shown = all.filter(
    (target) =>
      (health === 'all' || target.health === health) &&
      matchesSearch(search, [target.scrapePool, target.scrapeUrl, target.lastError, selectorOf(target.labels)]),
  );
  const change = (name: string, value: string) => {
    const next = new URLSearchParams(place.value.search);
    if (value === '' || value === 'all') next.delete(name);
    else next.set(name, value);
    setSearch(next.size === 0 ? '' : `?${next}`, 'replace');
  };
  const count = (of: Health) => all.filter((target) => target.health === of).length;

  return (
    <>
      <div class="page-head">
        <h1>Targets</h1>
        <Chips
          label="Health"
          value={health}
          onChange={(value) => change('health', value)}
          options={[
            ['all', `All ${all.length}`],
            ['up', `Up ${count('up')}`],
            ['down', `Down ${count('down')}`],
            ...(count('unknown') > 0 ? [['unknown', `Unknown ${count('unknown')}`] as const] : []),
          ]}
        />
        <input
          type="search"
          class="search"
          placeholder="Search labels, addresses, errors"
          aria-label="Search targets"
          value={search}
          onInput={(event) => change('search', event.currentTarget.value)}
        />
        <span class="grow" />
        <PageRefresh chosen={refresh} again={targets.again} busy={targets.busy} />
      </div>
      {targets.error !== undefined && <Failure error={targets.error} />}
      {targets.data !== undefined && all.length === 0 && (
        <Empty title="Nothing is scraped yet">
          Add a job with its <code>static_configs</code> to <code>scrape_configs</code> in the configuration file and
          reload. Samples can also be pushed to <code>/api/v1/write</code>.
        </Empty>
      )}
      {all.length > 0 && shown.length === 0 && (
        <Empty title="No target matches">
          <button type="button" onClick={() => setSearch('', 'replace')}>
            Show all {all.length}
          </button>
        </Empty>
      )}
      {poolsOf(shown).map(([pool, members]) => (
        <Pool key={pool} pool={pool} targets={members} total={all.filter((t) => t.scrapePool === pool)} />
      ))}
    </>
  );
}

function poolsOf(targets: readonly Target[]): [string, Target[]][] {
  const pools = new Map<string, Target[]>();
  for (const target of targets) {
    const members = pools.get(target.scrapePool) ?? [];
    members.push(target);
    pools.set(target.scrapePool, members);
  }
  return [...pools].sort(([a], [b]) => (a < b ? -1 : 1));
}

function Pool(props: { pool: string; targets: readonly Target[]; total: readonly Target[] }) {
  const up = props.total.filter((target) => target.health === 'up').length;
  const fine = up === props.total.length;
  return (
    <details class="panel fold" open>
      <summary>
        <h2>{props.pool}</h2>
        <span class={`badge ${fine ? 'ok' : 'bad'}`}>
          {up} of {props.total.length} up
        </span>
      </summary>
      <table class="cards targets">
        <thead>
          <tr>
            <th>Endpoint</th>
            <th>State</th>
            <th>Labels</th>
            <th class="num">Last scrape</th>
            <th class="num">Took</th>
            <th class="num">Every</th>
          </tr>
        </thead>
        <tbody>
          {props.targets.map((target) => (
            <Row key={`${target.scrapeUrl}${selectorOf(target.labels)}`} target={target} />
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Row({ target }: { target: Target }) {
  const { job = '', instance = '' } = target.labels;
  return (
    <tr class={target.health}>
      <td data-label="Endpoint" class="wide">
        <a class="mono" href={target.scrapeUrl} target="_blank" rel="noreferrer">
          {target.scrapeUrl}
        </a>
        {target.lastError !== '' && <div class="error">{target.lastError}</div>}
      </td>
      <td data-label="State">
        <a href={prefix + queryLink(selectorOf({ __name__: 'up', job, instance }))} title="Show this target's history">
          <span class={`badge ${TONE[target.health]}`}>{target.health}</span>
        </a>
      </td>
      <td data-label="Labels">
        <Tags labels={target.labels} />
      </td>
      <td data-label="Last scrape" class="num">
        <Ago time={target.lastScrape} />
      </td>
      <td data-label="Took" class="num">
        {target.lastScrapeDuration > 0 ? roughDuration(target.lastScrapeDuration * 1000) : <span class="faint">–</span>}
      </td>
      <td data-label="Every" class="num">
        {target.scrapeInterval ?? '–'}
      </td>
    </tr>
  );
}
