import { effect, signal, type Signal } from '@preact/signals';
import type { Zone } from './model/span';

/** Choices that a browser remembers. Without storage they last as long as the page. */

function recall(key: string): string | null {
  try {
    return localStorage.getItem(`barograph.${key}`);
  } catch {
    return null;
  }
}

function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`barograph.${key}`);
    else localStorage.setItem(`barograph.${key}`, value);
  } catch {
    // Storage is refused or full: nothing depends on it.
  }
}

/** A remembered choice out of a list; the first of the list until something was chosen. */
export function choice<T extends string>(key: string, options: readonly [T, ...T[]]): Signal<T> {
  const known = recall(key);
  const chosen = signal<T>(options.find((option) => option === known) ?? options[0]);
  effect(() => remember(key, chosen.value === options[0] ? null : chosen.value));
  return chosen;
}

export type Theme = 'system' | 'light' | 'dark';

export const theme = choice<Theme>('theme', ['system', 'light', 'dark']);
export const zone = choice<Zone>('zone', ['local', 'utc']);

const systemDark = signal(matchMedia('(prefers-color-scheme: dark)').matches);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', (event) => {
  systemDark.value = event.matches;
});

/** True while the console is drawn dark, by choice or because the system is. */
export function isDark(): boolean {
  return theme.value === 'dark' || (theme.value === 'system' && systemDark.value);
}

effect(() => {
  if (theme.value === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme.value;
});

/** The name that new silences carry. */
export const author = signal<string>(recall('author') ?? '');
effect(() => remember('author', author.value === '' ? null : author.value));

const MOST_HISTORY = 40;

function recallHistory(): string[] {
  try {
    const kept: unknown = JSON.parse(recall('history') ?? '[]');
    return Array.isArray(kept) ? kept.filter((entry) => typeof entry === 'string') : [];
  } catch {
    return [];
  }
}

/** Expressions that were run, the newest first. */
export const history = signal<readonly string[]>(recallHistory());

/** Puts an expression at the head of the history. */
export function recordExpression(expr: string): void {
  const text = expr.trim();
  if (text === '' || history.value[0] === text) return;
  history.value = [text, ...history.value.filter((old) => old !== text)].slice(0, MOST_HISTORY);
  remember('history', JSON.stringify(history.value));
}
