import type { Signal } from '@preact/signals';
import { formatDuration, parseDuration } from '../model/duration';
import { choice } from '../settings';
import { Icon } from './icons';

const INTERVALS = [1_000, 5_000, 15_000, 30_000, 60_000, 300_000];

/** How often a page asks again, remembered for each page by its name. */
export function refreshChoice(page: string, first: '5s' | '15s' | '30s'): Signal<string> {
  return choice<string>(`refresh.${page}`, [first, ...INTERVALS.map(formatDuration), 'off']);
}

/** The milliseconds of a choice; 0 for `off`. */
export function refreshMillis(chosen: Signal<string>): number {
  return parseDuration(chosen.value) ?? 0;
}

/** Chooses how often to ask again, and asks at once. */
export function Refresh(props: { millis: number; onChange: (millis: number) => void; again: () => void; busy: boolean }) {
  const known = INTERVALS.includes(props.millis) || props.millis === 0;
  return (
    <span class="refresh">
      <select
        aria-label="Refresh interval"
        title="Refresh interval"
        value={props.millis}
        onChange={(event) => props.onChange(Number(event.currentTarget.value))}
      >
        <option value={0}>No refresh</option>
        {(known ? INTERVALS : [...INTERVALS, props.millis]).map((millis) => (
          <option key={millis} value={millis}>
            Every {formatDuration(millis)}
          </option>
        ))}
      </select>
      <button type="button" class="icon" aria-label="Refresh now" title="Refresh now" aria-busy={props.busy} onClick={props.again}>
        <Icon name="again" />
      </button>
    </span>
  );
}

/** The control of a page that remembers its interval. */
export function PageRefresh(props: { chosen: Signal<string>; again: () => void; busy: boolean }) {
  return (
    <Refresh
      millis={refreshMillis(props.chosen)}
      onChange={(millis) => {
        props.chosen.value = millis === 0 ? 'off' : formatDuration(millis);
      }}
      again={props.again}
      busy={props.busy}
    />
  );
}
