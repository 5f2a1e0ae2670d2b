import type { ComponentChildren } from 'preact';
import { ApiError, reasonOf } from '../api/client';

/** What went wrong, in the server's words. */
export function Failure(props: { error: unknown }) {
  const kind = props.error instanceof ApiError ? props.error.kind : 'error';
  // The bar across the page says so already.
  if (kind === 'unreachable') return null;
  return (
    <div class={`note ${kind === 'starting' ? 'warn' : 'bad'}`} role="alert">
      <b>{kind.replace('_', ' ')}</b>: {reasonOf(props.error)}
    </div>
  );
}

/** Nothing to show: why, and what to do about it. */
export function Empty(props: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{props.title}</h2>
      {props.children !== undefined && <p>{props.children}</p>}
    </div>
  );
}
