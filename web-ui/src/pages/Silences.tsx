import { useState } from 'preact/hooks';
import { askV2, reasonOf } from '../api/client';
import { usePoll } from '../api/poll';
import type { AlertGroup, Silence, SilenceState, ToldAlert } from '../api/types';
import { formatMoment, momentOf } from '../model/clock';
import { parseDuration, roughDuration } from '../model/duration';
import { selectorOf } from '../model/labels';
import { matchersOf, matcherText, parseMatchers } from '../model/matchers';
import { Ago } from '../parts/Ago';
import { Chips } from '../parts/Chips';
import { Empty, Failure } from '../parts/Notes';
import { PageRefresh, refreshChoice, refreshMillis } from '../parts/Refresh';
import { Tags } from '../parts/Tags';
import { place, prefix, setSearch } from '../router';
import { author, zone } from '../settings';
import '../style/lists.css';
import '../style/silences.css';

const refresh = refreshChoice('silences', '5s');

const TONE: Record<SilenceState, string> = { active: 'quiet', pending: 'warn', expired: '' };
const STATES: readonly SilenceState[] = ['active', 'pending', 'expired'];

/** Who is told of what, and what nobody wants to be told of. */
export function Silences() {
  const params = new URLSearchParams(place.value.search);
  const state = STATES.find((known) => known === params.get('state')) ?? 'active';
  const silences = usePoll((signal) => askV2<readonly Silence[]>('silences', { signal }), 'silences', refreshMillis(refresh));
  const groups = usePoll(
    (signal) => askV2<readonly AlertGroup[]>('alerts/groups', { signal }),
    'groups',
    refreshMillis(refresh),
  );
  const [trouble, setTrouble] = useState<string | null>(null);
  const again = () => {
    silences.again();
    groups.again();
  };
  const all = silences.data ?? [];
  const shown = all.filter((silence) => silence.status.state === state);
  const expire = (silence: Silence) => {
    askV2<void>(`silence/${silence.id}`, { method: 'DELETE' }).then(
      () => {
        setTrouble(null);
        again();
      },
      (error: unknown) => setTrouble(reasonOf(error)),
    );
  };

  return (
    <>
      <div class="page-head">
        <h1>Silences</h1>
        <Chips
          label="State"
          value={state}
          onChange={(value) => setSearch(value === 'active' ? '' : `?state=${value}`, 'replace')}
          options={STATES.map((known) => [
            known,
            `${known[0]!.toUpperCase()}${known.slice(1)} ${all.filter((silence) => silence.status.state === known).length}`,
          ])}
        />
        <span class="grow" />
        <PageRefresh chosen={refresh} again={again} busy={silences.busy} />
      </div>
      {silences.error !== undefined && <Failure error={silences.error} />}
      {trouble !== null && (
        <div class="note bad" role="alert">
          {trouble}
        </div>
      )}
      <NewSilence key={params.get('matchers') ?? ''} matchers={params.get('matchers') ?? ''} made={again} />
      {shown.length > 0 && <Table silences={shown} expire={expire} />}
      {silences.data !== undefined && shown.length === 0 && (
        <Empty title={`No silence is ${state}`}>While one is active, alerts that pass all its matchers are not told of.</Empty>
      )}
      <h2 class="section">Groups of alerts</h2>
      {groups.error !== undefined && <Failure error={groups.error} />}
      {groups.data?.length === 0 && <Empty title="Nothing fires">Groups show who is told of which alerts, and which are kept quiet.</Empty>}
      {(groups.data ?? []).map((group) => (
        <Group key={`${group.receiver.name} ${selectorOf(group.labels)}`} group={group} />
      ))}
    </>
  );
}

function Table(props: { silences: readonly Silence[]; expire: (silence: Silence) => void }) {
  return (
    <div class="panel">
      <table class="cards">
        <thead>
          <tr>
            <th>State</th>
            <th>Matchers</th>
            <th>Why</th>
            <th class="num">Until</th>
            <th>
              <span class="hush">What to do</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.silences.map((silence) => (
            <tr key={silence.id}>
              <td data-label="State">
                <span class={`badge ${TONE[silence.status.state]}`}>{silence.status.state}</span>
              </td>
              <td data-label="Matchers">
                <span class="tags">
                  {silence.matchers.map((matcher) => (
                    <span class="tag" key={matcherText(matcher)}>
                      {matcherText(matcher)}
                    </span>
                  ))}
                </span>
              </td>
              <td data-label="Why">
                {silence.comment} <span class="dim small">by {silence.createdBy}</span>
              </td>
              <td data-label="Until" class="num">
                <Until silence={silence} />
              </td>
              <td data-label="" class="num">
                {silence.status.state === 'expired' ? (
                  <a href={silenceLink(silence.matchers.map(matcherText).join(', '))}>Again</a>
                ) : (
                  <button type="button" onClick={() => props.expire(silence)}>
                    Expire
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function silenceLink(matchers: string): string {
  return `${prefix}silences?${new URLSearchParams({ matchers })}`;
}

function Until({ silence }: { silence: Silence }) {
  if (silence.status.state === 'expired') return <Ago time={silence.endsAt} />;
  const end = momentOf(silence.endsAt) ?? 0;
  return (
    <time dateTime={silence.endsAt} title={`from ${silence.startsAt} to ${silence.endsAt}`}>
      {formatMoment(Math.floor(end / 1000) * 1000, zone.value)}
      <div class="dim small">in {roughDuration(Math.max(0, end - Date.now()))}</div>
    </time>
  );
}

/** Makes a silence that begins now. */
function NewSilence(props: { matchers: string; made: () => void }) {
  const [matchers, setMatchers] = useState(props.matchers);
  const [duration, setDuration] = useState('2h');
  const [comment, setComment] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  const parsed = parseMatchers(matchers);
  const millis = parseDuration(duration);
  const make = (event: Event) => {
    event.preventDefault();
    if (parsed === null) return setTrouble('Matchers are written like alertname="Down", instance=~"db.*".');
    if (millis === null || millis === 0) return setTrouble('The duration is written like 30m, 2h or 1d12h.');
    const now = Date.now();
    askV2<{ silenceID: string }>('silences', {
      method: 'POST',
      json: {
        matchers: parsed,
        startsAt: new Date(now).toISOString(),
        endsAt: new Date(now + millis).toISOString(),
        createdBy: author.value,
        comment,
      },
    }).then(
      () => {
        setTrouble(null);
        setMatchers('');
        setComment('');
        if (place.value.search !== '') setSearch('', 'replace');
        props.made();
      },
      (error: unknown) => setTrouble(reasonOf(error)),
    );
  };
  return (
    <form class="panel silence-form" aria-label="New silence" onSubmit={make}>
      <label>
        Matchers
        <input
          type="text"
          class="mono"
          name="matchers"
          required
          autocomplete="off"
          spellcheck={false}
          placeholder={'alertname="Down", instance=~"db.*"'}
          value={matchers}
          aria-invalid={matchers !== '' && parsed === null}
          onInput={(event) => setMatchers(event.currentTarget.value)}
        />
      </label>
      <label>
        For
        <input
          type="text"
          name="duration"
          required
          value={duration}
          aria-invalid={millis === null}
          onInput={(event) => setDuration(event.currentTarget.value)}
        />
      </label>
      <label>
        By
        <input
          type="text"
          name="author"
          required
          value={author.value}
          onInput={(event) => (author.value = event.currentTarget.value)}
        />
      </label>
      <label>
        Why
        <input
          type="text"
          name="comment"
          required
          value={comment}
          onInput={(event) => setComment(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary">
        Silence
      </button>
      {trouble !== null && (
        <div class="note bad hint" role="alert">
          {trouble}
        </div>
      )}
    </form>
  );
}

function Group({ group }: { group: AlertGroup }) {
  return (
    <details class="panel fold" open>
      <summary>
        <Tags labels={group.labels} />
        <span class="grow" />
        <span class="dim small">
          {group.alerts.length} to <b>{group.receiver.name}</b>
        </span>
      </summary>
      <div>
        <table class="cards">
          <tbody>
            {group.alerts.map((alert) => (
              <tr key={alert.fingerprint}>
                <td data-label="State">
                  <span class={`badge ${alert.status.state === 'suppressed' ? 'quiet' : 'bad'}`}>{standingOf(alert)}</span>
                </td>
                <td data-label="Labels">
                  <div>
                    <Tags labels={alert.labels} without={Object.keys(group.labels)} />
                    {alert.annotations['summary'] !== undefined && (
                      <div class="small">{alert.annotations['summary']}</div>
                    )}
                  </div>
                </td>
                <td data-label="Since" class="num">
                  <Ago time={alert.startsAt} />
                </td>
                <td data-label="" class="num">
                  <a href={silenceLink(matchersOf(alert.labels))}>Silence</a>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function standingOf(alert: ToldAlert): string {
  const { status } = alert;
  if (status.silencedBy.length > 0) return 'silenced';
  if (status.inhibitedBy.length > 0) return 'inhibited';
  return (status.mutedBy ?? []).length > 0 ? 'muted' : 'firing';
}
