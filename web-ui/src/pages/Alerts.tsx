import { ask } from '../api/client';
import { usePoll } from '../api/poll';
import type { Alert, AlertingRule, AlertState, Rule, RuleGroup } from '../api/types';
import { formatMoment, momentOf } from '../model/clock';
import { formatDuration, roughDuration } from '../model/duration';
import { matchesSearch, selectorOf, type LabelSet } from '../model/labels';
import { matchersOf } from '../model/matchers';
import { exact, parseSample } from '../model/number';
import { queryLink } from '../model/querystate';
import { Ago } from '../parts/Ago';
import { Chips } from '../parts/Chips';
import { Empty, Failure } from '../parts/Notes';
import { PageRefresh, refreshChoice, refreshMillis } from '../parts/Refresh';
import { Tags } from '../parts/Tags';
import { place, prefix, setSearch } from '../router';
import { zone } from '../settings';
import '../style/lists.css';

const refresh = refreshChoice('alerts', '5s');

type Filter = 'all' | 'firing' | 'pending' | 'inactive' | 'recording';
const TONE: Record<AlertState, string> = { firing: 'bad', pending: 'warn', inactive: 'ok', unknown: '' };
const URGENCY: Record<string, number> = { firing: 0, pending: 1, unknown: 2, inactive: 3 };

/** The rules group by group: what they watch, what they found, and since when. */
export function Alerts() {
  const params = new URLSearchParams(place.value.search);
  const search = params.get('search') ?? '';
  const filter = (params.get('state') ?? 'all') as Filter;
  const answer = usePoll(
    (signal) => ask<{ groups: readonly RuleGroup[] }>('rules', { signal }),
    'rules',
    refreshMillis(refresh),
  );
  const groups = answer.data?.data.groups ?? [];
  const rules = groups.flatMap((group) => group.rules);
  const count = (state: Filter) => rules.filter((rule) => inFilter(rule, state)).length;
  const alerts = rules.flatMap((rule) => (rule.type === 'alerting' ? (rule.alerts ?? []) : []));
  const active = (state: AlertState) => alerts.filter((alert) => alert.state === state).length;
  const change = (name: string, value: string) => {
    const next = new URLSearchParams(place.value.search);
    if (value === '' || value === 'all') next.delete(name);
    else next.set(name, value);
    setSearch(next.size === 0 ? '' : `?${next}`, 'replace');
  };
  const shown = groups
    .map((group) => ({
      group,
      rules: group.rules.filter((rule) => inFilter(rule, filter) && inSearch(rule, group, search)),
    }))
    .filter((entry) => entry.rules.length > 0)
    .sort((a, b) => urgencyOf(a.rules) - urgencyOf(b.rules));

  return (
    <>
      <div class="page-head">
        <h1>Alerts</h1>
        <Chips
          label="State"
          value={filter}
          onChange={(value) => change('state', value)}
          options={[
            ['all', `All ${rules.length}`],
            ['firing', `Firing ${active('firing')}`],
            ['pending', `Pending ${active('pending')}`],
            ['inactive', `Inactive ${count('inactive')}`],
            ['recording', `Recording ${count('recording')}`],
          ]}
        />
        <input
          type="search"
          class="search"
          placeholder="Search names, labels, expressions"
          aria-label="Search rules"
          value={search}
          onInput={(event) => change('search', event.currentTarget.value)}
        />
        <span class="grow" />
        <PageRefresh chosen={refresh} again={answer.again} busy={answer.busy} />
      </div>
      {answer.error !== undefined && <Failure error={answer.error} />}
      {answer.data !== undefined && rules.length === 0 && (
        <Empty title="No rules are loaded">
          List rule files under <code>rule_files</code> in the configuration file and reload. A rule is a PromQL
          expression; while it has a result, it fires.
        </Empty>
      )}
      {rules.length > 0 && shown.length === 0 && (
        <Empty title={filter === 'firing' && search === '' ? 'Nothing is firing' : 'No rule matches'}>
          <button type="button" onClick={() => setSearch('', 'replace')}>
            Show all {rules.length} rules
          </button>
        </Empty>
      )}
      {shown.map(({ group, rules: members }) => (
        <Group key={`${group.file};${group.name}`} group={group} rules={members} />
      ))}
    </>
  );
}

function inFilter(rule: Rule, filter: Filter): boolean {
  if (filter === 'all') return true;
  if (rule.type === 'recording') return filter === 'recording';
  // A firing rule may have alerts that are still pending.
  return rule.state === filter || (rule.alerts ?? []).some((alert) => alert.state === filter);
}

function inSearch(rule: Rule, group: RuleGroup, search: string): boolean {
  const alerts = rule.type === 'alerting' ? (rule.alerts ?? []) : [];
  return matchesSearch(search, [
    rule.name,
    rule.query,
    group.name,
    group.file,
    selectorOf(rule.labels ?? {}),
    ...alerts.map((alert) => selectorOf(alert.labels)),
  ]);
}

function urgencyOf(rules: readonly Rule[]): number {
  return Math.min(...rules.map((rule) => (rule.type === 'alerting' ? (URGENCY[rule.state] ?? 2) : 3)));
}

function Group(props: { group: RuleGroup; rules: readonly Rule[] }) {
  const { group } = props;
  const ordered = props.rules.toSorted((a, b) => urgencyOf([a]) - urgencyOf([b]));
  return (
    <details class="panel fold" open>
      <summary>
        <h2>{group.name}</h2>
        <span class="faint small mono">{group.file.replace(/^.*\//, '')}</span>
        <span class="grow" />
        <span class="dim small num" title="How often the group is evaluated, and how long the last time took">
          every {formatDuration(group.interval * 1000)}
          {group.evaluationTime !== undefined && `, took ${roughDuration(group.evaluationTime * 1000)}`}
        </span>
      </summary>
      <div>
        {ordered.map((rule, i) => (
          <RuleEntry key={`${rule.name}${selectorOf(rule.labels ?? {})}${i}`} rule={rule} />
        ))}
      </div>
    </details>
  );
}

function RuleEntry({ rule }: { rule: Rule }) {
  const alerting = rule.type === 'alerting';
  const alerts = alerting ? (rule.alerts ?? []) : [];
  const broken = rule.health === 'err';
  return (
    <details class="rule" open={alerting && rule.state === 'firing'}>
      <summary>
        {alerting ? (
          <span class={`badge ${TONE[rule.state]}`}>{rule.state}</span>
        ) : (
          <span class="badge">recording</span>
        )}
        <span class="name">{rule.name}</span>
        {alerts.length > 1 && <span class="dim small">{alerts.length} alerts</span>}
        {broken && <span class="badge bad">cannot be evaluated</span>}
        <span class="grow" />
        {Object.keys(rule.labels ?? {}).length > 0 && <Tags labels={rule.labels} />}
      </summary>
      <div class="body">
        {broken && <div class="note bad">{rule.lastError ?? 'The last evaluation failed.'}</div>}
        <pre>{rule.query}</pre>
        <dl class="facts">
          {alerting && rule.duration > 0 && (
            <>
              <dt>For</dt>
              <dd>
                {formatDuration(rule.duration * 1000)}
                {(rule.keepFiringFor ?? 0) > 0 && `, keeps firing for ${formatDuration(rule.keepFiringFor! * 1000)}`}
              </dd>
            </>
          )}
          {alerting && <Annotations annotations={rule.annotations ?? {}} />}
          <dt>Evaluated</dt>
          <dd>
            <Ago time={rule.lastEvaluation} />
            {rule.evaluationTime !== undefined && (
              <span class="dim">, took {roughDuration(rule.evaluationTime * 1000)}</span>
            )}
            {' · '}
            <a href={prefix + queryLink(rule.query)}>Graph this expression</a>
            {alerting && (
              <>
                {' · '}
                <a href={prefix + queryLink(selectorOf({ __name__: 'ALERTS', alertname: rule.name }))}>Its history</a>
              </>
            )}
          </dd>
        </dl>
        {alerts.length > 0 && <ActiveAlerts rule={rule as AlertingRule} alerts={alerts} />}
      </div>
    </details>
  );
}

function ActiveAlerts(props: { rule: AlertingRule; alerts: readonly Alert[] }) {
  return (
    <div class="panel">
      <table class="cards">
        <thead>
          <tr>
            <th>State</th>
            <th>Labels</th>
            <th class="num">Value</th>
            <th class="num">Active for</th>
            <th>
              <span class="hush">What to do</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.alerts.map((alert) => (
            <tr key={selectorOf(alert.labels)}>
              <td data-label="State">
                <span class={`badge ${TONE[alert.state]}`}>{alert.state}</span>
              </td>
              <td data-label="Labels">
                <div>
                  <Tags labels={alert.labels} without={['alertname', ...Object.keys(props.rule.labels ?? {})]} />
                  {alert.annotations['summary'] !== undefined && (
                    <div class="small" style={{ marginTop: '3px' }}>
                      {alert.annotations['summary']}
                    </div>
                  )}
                </div>
              </td>
              <td data-label="Value" class="num">
                {exact(parseSample(alert.value))}
              </td>
              <td data-label="Active for" class="num">
                <ActiveFor since={alert.activeAt} />
              </td>
              <td data-label="" class="num">
                <a href={`${prefix}silences?${new URLSearchParams({ matchers: matchersOf(alert.labels) })}`}>Silence</a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ActiveFor(props: { since: string | undefined }) {
  const millis = momentOf(props.since);
  if (millis === null) return <span class="faint">–</span>;
  return (
    <time dateTime={props.since} title={`since ${formatMoment(millis, zone.value)}`}>
      {roughDuration(Math.max(0, Date.now() - millis))}
    </time>
  );
}

/** Annotations of the rule as they are written; addresses of the web become links. */
function Annotations(props: { annotations: LabelSet }) {
  return (
    <>
      {Object.entries(props.annotations).flatMap(([name, value]) => [
        <dt key={`${name}:`}>{name}</dt>,
        <dd key={name}>
          {/^https?:\/\/\S+$/.test(value) ? (
            <a href={value} target="_blank" rel="noreferrer">
              {value}
            </a>
          ) : (
            value
          )}
        </dd>,
      ])}
    </>
  );
}
