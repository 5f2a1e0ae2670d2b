/** A label set as the API writes it. */
export type LabelSet = Readonly<Record<string, string>>;

const PLAIN = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const PLAIN_METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** A PromQL string literal for the value. */
export function quoted(value: string): string {
  return `"${value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`;
}

/** Label pairs other than the metric's name, in the order of their names. */
export function pairsOf(labels: LabelSet): [name: string, value: string][] {
  return Object.entries(labels)
    .filter(([name]) => name !== '__name__')
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The series written as a selector that matches it: `up{job="host"}`; `{}` when it has no label. */
export function selectorOf(labels: LabelSet): string {
  const name = labels['__name__'] ?? '';
  const inside = pairsOf(labels).map(([n, v]) => `${PLAIN.test(n) ? n : quoted(n)}=${quoted(v)}`);
  if (name !== '' && !PLAIN_METRIC.test(name)) inside.unshift(quoted(name));
  const head = PLAIN_METRIC.test(name) ? name : '';
  return inside.length === 0 && head !== '' ? head : `${head}{${inside.join(', ')}}`;
}

/** Labels that are the same in all of the series: worth saying once, not on every line. */
export function sharedLabels(all: readonly LabelSet[]): LabelSet {
  const [first, ...rest] = all;
  if (first === undefined || rest.length === 0) return {};
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => rest.every((labels) => labels[name] === value)),
  );
}

/** True when every word of the search occurs in one of the texts, whatever its case. */
export function matchesSearch(search: string, texts: readonly string[]): boolean {
  const hay = texts.join('\n').toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => hay.includes(word));
}
