import { signal } from '@preact/signals';
import { prefix } from '../router';

/** What the server answered besides the data. */
export interface Answer<T> {
  readonly data: T;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
  /** Milliseconds from asking to having read the answer. */
  readonly millis: number;
}

/** A refusal: what kind it is and the server's own sentence. */
export class ApiError extends Error {
  constructor(
    readonly kind: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** Since when the server has not answered, in milliseconds; null while it does. */
export const lostSince = signal<number | null>(null);

interface Envelope<T> {
  status: 'success' | 'error';
  data: T;
  errorType?: string;
  error?: string;
  warnings?: string[];
  infos?: string[];
}

export type Params = Readonly<Record<string, string | number>>;

/** Asks `/api/v1/<path>`; long parameters such as queries go in the body of a POST. */
export async function ask<T>(
  path: string,
  options: { params?: Params; post?: boolean; signal?: AbortSignal } = {},
): Promise<Answer<T>> {
  const params = new URLSearchParams(
    Object.entries(options.params ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const url = `${prefix}api/v1/${path}`;
  const begun = performance.now();
  const answer = await reach(
    options.post || params.size === 0 ? url : `${url}?${params}`,
    {
      method: options.post ? 'POST' : 'GET',
      headers: { Accept: 'application/json' },
      ...(options.post ? { body: params } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    },
  );
  const envelope = await read<T>(answer);
  if (envelope.status !== 'success') {
    throw new ApiError(envelope.errorType ?? 'error', envelope.error ?? 'The server gave no reason.');
  }
  return {
    data: envelope.data,
    warnings: envelope.warnings ?? [],
    infos: envelope.infos ?? [],
    millis: performance.now() - begun,
  };
}

/** Ends what `/api/v1/<path>` names; it is no failure if it is gone already. */
export async function remove(path: string): Promise<void> {
  const answer = await reach(`${prefix}api/v1/${path}`, { method: 'DELETE' });
  if (answer.ok || answer.status === 404) return;
  const refusal = await read<unknown>(answer);
  throw new ApiError(refusal.errorType ?? 'error', refusal.error ?? 'The server gave no reason.');
}

/** Asks Alertmanager's API, `/api/v2/<path>`, which answers without an envelope. */
export async function askV2<T>(
  path: string,
  options: { method?: 'GET' | 'POST' | 'DELETE'; json?: unknown; signal?: AbortSignal } = {},
): Promise<T> {
  const answer = await reach(`${prefix}api/v2/${path}`, {
    method: options.method ?? 'GET',
    headers: { Accept: 'application/json', ...(options.json === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(options.json === undefined ? {} : { body: JSON.stringify(options.json) }),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw new ApiError(answer.status === 503 ? 'starting' : 'refused', refusalOf(text) || answer.statusText);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** The sentence of a refusal, which is a JSON string, an object with a message, or plain text. */
function refusalOf(text: string): string {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'string') return json;
    const message = (json as { message?: unknown } | null)?.message;
    return typeof message === 'string' ? message : text;
  } catch {
    return text.trim().slice(0, 300);
  }
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(url, init);
    lostSince.value = null;
    return response;
  } catch (error) {
    if (init.signal?.aborted) throw error;
    lostSince.value ??= Date.now();
    throw new ApiError('unreachable', 'The server does not answer. The console keeps trying.');
  }
}

async function read<T>(response: Response): Promise<Envelope<T>> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Envelope<T>;
  } catch {
    throw response.status === 503
      ? new ApiError('starting', 'The server is still starting: it is reading its log. Answers come as soon as it is done.')
      : new ApiError(`HTTP ${response.status}`, text.trim().slice(0, 300) || response.statusText);
  }
}

/** The sentence to show for whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** True when the request was given up by the page itself. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
