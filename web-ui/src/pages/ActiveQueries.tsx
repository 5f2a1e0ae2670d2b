import { useEffect, useRef, useState } from 'preact/hooks';
import { ask, reasonOf, remove } from '../api/client';
import { usePoll } from '../api/poll';
import type { ActiveQueries as Running, ActiveQuery } from '../api/types';
import { roughDuration } from '../model/duration';
import { bytes, count, short } from '../model/number';
import { Failure } from '../parts/Notes';

/** Queries come and go faster than anything else on the page. */
const EVERY_MILLIS = 2_000;

/** The queries under way, each of which can be ended. */
export function ActiveQueries(props: { refreshes: boolean }) {
  const running = usePoll(
    async (signal) => (await ask<Running>('status/active_queries', { signal })).data,
    'active queries',
    props.refreshes ? EVERY_MILLIS : 0,
  );
  const [trouble, setTrouble] = useState<string | null>(null);
  const end = (query: ActiveQuery) => {
    remove(`status/active_queries/${query.id}`).then(
      () => setTrouble(null),
      (error: unknown) => setTrouble(reasonOf(error)),
    ).finally(running.again);
  };
  const queries = running.data?.queries ?? [];
  return (
    <section class="panel" id="queries">
      <header>
        <h2>Queries under way</h2>
        {running.data !== undefined && <span class="dim small">{lanes(running.data)}</span>}
      </header>
      {running.error !== undefined && <Failure error={running.error} />}
      {trouble !== null && (
        <div class="note bad" role="alert">
          {trouble}
        </div>
      )}
      {running.data !== undefined && queries.length === 0 && <p class="none faint small">None at this moment</p>}
      {queries.length > 0 && (
        <table class="cards queries">
          <thead>
            <tr>
              <th>Query</th>
              <th>Lane</th>
              <th class="num">For</th>
              <th class="num">Series</th>
              <th class="num">Samples</th>
              <th class="num">Memory</th>
              <th>
                <span class="hush">What to do</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {queries.map((query) => (
              <tr key={query.id}>
                <td data-label="Query">
                  <code class="mono" title={query.query}>
                    {query.query}
                  </code>
                </td>
                <td data-label="Lane">
                  <span class={`badge ${query.heavy ? 'warn' : ''}`}>{query.heavy ? 'heavy' : 'light'}</span>
                </td>
                <td data-label="For" class="num" title={`since ${query.startedAt}`}>
                  {roughDuration(query.elapsedMs)}
                </td>
                <td data-label="Series" class="num">
                  {count(query.series)}
                </td>
                <td data-label="Samples" class="num" title={count(query.samples)}>
                  {short(query.samples)}
                </td>
                <td data-label="Memory" class="num">
                  {bytes(query.bytes)}
                </td>
                <td data-label="" class="num">
                  <EndButton end={() => end(query)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function lanes({ heavyRunning, heavyWaiting }: Running): string {
  const waiting = heavyWaiting === 0 ? 'none waits' : heavyWaiting === 1 ? '1 waits' : `${heavyWaiting} wait`;
  return heavyRunning + heavyWaiting === 0 ? 'no heavy one' : `heavy ones: ${heavyRunning} at work, ${waiting}`;
}

/** Asks once more before it ends anything: whoever waits for the answer gets an error. */
function EndButton(props: { end: () => void }) {
  const [sure, setSure] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (sure) button.current?.focus();
  }, [sure]);
  return sure ? (
    <span class="sure">
      <button type="button" class="danger" onClick={props.end} ref={button}>
        End it
      </button>
      <button type="button" onClick={() => setSure(false)}>
        Keep
      </button>
    </span>
  ) : (
    <button type="button" onClick={() => setSure(true)}>
      End…
    </button>
  );
}
