import { useEffect, useRef, useState } from 'preact/hooks';
import { formatMoment } from '../model/clock';
import { formatDuration } from '../model/duration';
import { parseResolution, type QueryState } from '../model/querystate';
import { longerRange, parseMoment, parseRange, RANGES, shift, shorterRange } from '../model/span';
import { Icon } from '../parts/icons';
import { Refresh } from '../parts/Refresh';
import { zone } from '../settings';

type Change = (next: Partial<QueryState>, how?: 'push' | 'replace') => void;

/** What span is looked at, how finely, and how often anew. */
export function TimeBar(props: { state: QueryState; change: Change; again: () => void }) {
  const { state, change } = props;
  const { span } = state;
  return (
    <>
      <span class="joined" role="group" aria-label="Range">
        <button type="button" class="icon" aria-label="Shorter range" title="Shorter range"
          onClick={() => change({ span: { ...span, rangeMillis: shorterRange(span.rangeMillis) } })}>
          <Icon name="minus" />
        </button>
        <TextField
          label="Range"
          class="range"
          value={formatDuration(span.rangeMillis)}
          suggestions={RANGES.map(formatDuration)}
          accept={(text) => {
            const rangeMillis = parseRange(text);
            if (rangeMillis !== null) change({ span: { ...span, rangeMillis } });
            return rangeMillis !== null;
          }}
        />
        <button type="button" class="icon" aria-label="Longer range" title="Longer range"
          onClick={() => change({ span: { ...span, rangeMillis: longerRange(span.rangeMillis) } })}>
          <Icon name="plus" />
        </button>
      </span>
      <span class="joined" role="group" aria-label="End">
        <button type="button" class="icon" aria-label="Earlier" title="Half a range earlier"
          onClick={() => change({ span: shift(span, -1, Date.now()) })}>
          <Icon name="left" />
        </button>
        <TextField
          label="End"
          class="end"
          placeholder="now"
          value={span.endMillis === null ? '' : formatMoment(Math.floor(span.endMillis / 1000) * 1000, zone.value)}
          accept={(text) => {
            const endMillis = text.trim() === '' || text.trim() === 'now' ? null : parseMoment(text, zone.value);
            const fine = endMillis !== null || text.trim() === '' || text.trim() === 'now';
            if (fine) change({ span: { ...span, endMillis } });
            return fine;
          }}
        />
        <EndPicker endMillis={span.endMillis} pick={(endMillis) => change({ span: { ...span, endMillis } })} />
        <button type="button" class="icon" aria-label="Later" title="Half a range later" disabled={span.endMillis === null}
          onClick={() => change({ span: shift(span, 1, Date.now()) })}>
          <Icon name="right" />
        </button>
        {span.endMillis !== null && (
          <button type="button" onClick={() => change({ span: { ...span, endMillis: null } })}>
            Now
          </button>
        )}
      </span>
      <Resolution state={state} change={change} />
      <span class="grow" />
      <Refresh
        millis={state.refreshMillis}
        onChange={(refreshMillis) => change({ refreshMillis }, 'replace')}
        again={props.again}
        busy={false}
      />
    </>
  );
}

/** A field whose text counts once it is left or Enter is pressed, and is refused if it makes no sense. */
function TextField(props: {
  label: string;
  class: string;
  value: string;
  placeholder?: string;
  suggestions?: readonly string[];
  accept: (text: string) => boolean;
}) {
  const field = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(false);
  useEffect(() => {
    if (field.current) field.current.value = props.value;
    setWrong(false);
  }, [props.value]);
  const commit = () => {
    const text = field.current?.value ?? '';
    if (text !== props.value) setWrong(!props.accept(text));
    else setWrong(false);
  };
  const list = props.suggestions === undefined ? undefined : `${props.class}-suggestions`;
  return (
    <>
      <input
        ref={field}
        type="text"
        class={`${props.class} num${wrong ? ' wrong' : ''}`}
        aria-label={props.label}
        aria-invalid={wrong}
        placeholder={props.placeholder}
        list={list}
        spellcheck={false}
        autocomplete="off"
        onBlur={commit}
        onChange={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit();
          if (event.key === 'Escape' && field.current) {
            field.current.value = props.value;
            setWrong(false);
          }
        }}
      />
      {list !== undefined && (
        <datalist id={list}>
          {props.suggestions!.map((text) => (
            <option key={text} value={text} />
          ))}
        </datalist>
      )}
    </>
  );
}

/** The browser's own calendar, behind a button. */
function EndPicker(props: { endMillis: number | null; pick: (millis: number | null) => void }) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <span class="picker">
      <button
        type="button"
        class="icon"
        aria-label="Pick the end time"
        title="Pick the end time"
        onClick={() => {
          const input = field.current!;
          input.value = formatMoment(Math.floor((props.endMillis ?? Date.now()) / 1000) * 1000, zone.value).replace(' ', 'T');
          input.showPicker();
        }}
      >
        <Icon name="clock" />
      </button>
      <input
        ref={field}
        type="datetime-local"
        step={1}
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => props.pick(parseMoment(event.currentTarget.value, zone.value))}
      />
    </span>
  );
}

const STEPS = ['1s', '5s', '15s', '30s', '1m', '5m', '15m', '1h', '6h', '1d'];

function Resolution(props: { state: QueryState; change: Change }) {
  const { resolution } = props.state;
  const value = typeof resolution === 'number' ? formatDuration(resolution * 1000) : resolution;
  const steps = typeof resolution === 'number' && !STEPS.includes(value) ? [...STEPS, value] : STEPS;
  return (
    <select
      aria-label="Resolution"
      title="Resolution: the time between two points"
      value={value}
      onChange={(event) => props.change({ resolution: parseResolution(event.currentTarget.value) })}
    >
      <optgroup label="As fits the width">
        <option value="low">Coarse</option>
        <option value="medium">Medium</option>
        <option value="high">Fine</option>
      </optgroup>
      <optgroup label="Fixed step">
        {steps.map((step) => (
          <option key={step} value={step}>
            Step {step}
          </option>
        ))}
      </optgroup>
    </select>
  );
}
