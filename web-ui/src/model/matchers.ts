import { pairsOf, quoted, type LabelSet } from './labels';

/** What a label's value must be, as Alertmanager's API has it. */
export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

const PART = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^\s{}!=~,"'`\\]+))\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s{}!=~,"'`\\]*))\s*(?:,|$)/;
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', '"': '"', '\\': '\\' };

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (whole, c: string) => ESCAPES[c] ?? whole);
}

/** The matchers of `a="b", c=~"d.*"`, with or without braces; null when the text is none. */
export function parseMatchers(text: string): Matcher[] | null {
  let rest = text.trim();
  if (rest.startsWith('{') && rest.endsWith('}')) rest = rest.slice(1, -1).trim();
  const matchers: Matcher[] = [];
  while (rest !== '') {
    const part = PART.exec(rest);
    if (part === null) return null;
    const [whole, quotedName, plainName, operator, quotedValue, plainValue] = part;
    matchers.push({
      name: quotedName === undefined ? plainName! : unescaped(quotedName),
      value: quotedValue === undefined ? plainValue! : unescaped(quotedValue),
      isRegex: operator!.endsWith('~'),
      isEqual: operator!.startsWith('='),
    });
    rest = rest.slice(whole.length).trim();
  }
  return matchers.length === 0 ? null : matchers;
}

/** One matcher as text. */
export function matcherText(matcher: Matcher): string {
  const operator = `${matcher.isEqual ? '=' : '!'}${matcher.isRegex ? '~' : matcher.isEqual ? '' : '='}`;
  const name = /^[^\s{}!=~,"'`\\]+$/.test(matcher.name) ? matcher.name : quoted(matcher.name);
  return `${name}${operator}${quoted(matcher.value)}`;
}

/** Matchers that exactly these labels pass. */
export function matchersOf(labels: LabelSet): string {
  return pairsOf(labels)
    .map(([name, value]) => matcherText({ name, value, isRegex: false, isEqual: true }))
    .join(', ');
}
