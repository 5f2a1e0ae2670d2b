import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, isAbort } from './client';

/** The newest answer, and what went wrong if the newest question had none. */
export interface Polled<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly busy: boolean;
  /** When `data` arrived, in milliseconds; 0 before that. */
  readonly at: number;
  /** Asks again at once. */
  readonly again: () => void;
}

/** How soon a server that is away or still starting is asked again, even without a refresh. */
const RETRY_MILLIS = 3_000;

function waitAfter(error: unknown, everyMillis: number): number {
  const away = error instanceof ApiError && (error.kind === 'unreachable' || error.kind === 'starting');
  if (!away) return everyMillis;
  return everyMillis > 0 ? Math.min(everyMillis, RETRY_MILLIS) : RETRY_MILLIS;
}

/**
 * Asks when `key` changes and then every `everyMillis` (0: never again), not while the page is
 * hidden, and at once when it is shown after having missed a turn. Old data stays until new is here.
 */
export function usePoll<T>(
  question: (signal: AbortSignal) => Promise<T>,
  key: string,
  everyMillis: number,
): Polled<T> {
  const [state, setState] = useState<Omit<Polled<T>, 'again'>>({
    data: undefined,
    error: undefined,
    busy: true,
    at: 0,
  });
  const latest = useRef(question);
  latest.current = question;
  const askNow = useRef(() => {});

  useEffect(() => {
    let timer = 0;
    let missed = false;
    let running: AbortController | undefined;

    const turn = () => {
      window.clearTimeout(timer);
      running?.abort();
      const mine = new AbortController();
      running = mine;
      setState((old) => ({ ...old, busy: true }));
      const wait = (millis: number) => {
        if (millis <= 0) return;
        timer = window.setTimeout(() => {
          if (document.hidden) missed = true;
          else turn();
        }, millis);
      };
      latest.current(mine.signal).then(
        (data) => {
          if (running !== mine) return;
          setState({ data, error: undefined, busy: false, at: Date.now() });
          wait(everyMillis);
        },
        (error: unknown) => {
          if (running !== mine || isAbort(error)) return;
          setState((old) => ({ ...old, error, busy: false }));
          wait(waitAfter(error, everyMillis));
        },
      );
    };
    const shown = () => {
      if (!document.hidden && missed) {
        missed = false;
        turn();
      }
    };
    askNow.current = turn;
    document.addEventListener('visibilitychange', shown);
    turn();
    return () => {
      document.removeEventListener('visibilitychange', shown);
      window.clearTimeout(timer);
      const last = running;
      running = undefined;
      last?.abort();
    };
  }, [key, everyMillis]);

  return { ...state, again: () => askNow.current() };
}
