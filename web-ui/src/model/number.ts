/** Numbers as an operator wants to read them. */

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** A sample value as the API writes it: a decimal, `NaN`, `+Inf` or `-Inf`. */
export function parseSample(text: string): number {
  if (text === '+Inf' || text === 'Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  return text === '' ? NaN : Number(text);
}

function special(value: number): string | null {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return null;
}

function trimmed(value: number, digits: number): string {
  const text = value.toPrecision(digits);
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

function scaled(value: number, base: number, prefixes: string[], digits: number): string {
  // 1,000 to 1,023 of a binary unit need a figure more.
  const figures = (size: number) => (base === 1024 && size >= 1000 ? digits + 1 : digits);
  let size = Math.abs(value);
  let i = 0;
  // 999.96 would round up to "1000": it belongs to the next prefix already.
  while (i < prefixes.length - 1 && Number(size.toPrecision(figures(size))) >= base) {
    size /= base;
    i++;
  }
  return `${value < 0 ? '-' : ''}${trimmed(size, figures(size))}${prefixes[i]}`;
}

/** At most `digits` figures with a decimal prefix: `1.25k`, `3.4M`; tiny ones with an exponent. */
export function short(value: number, digits = 3): string {
  const odd = special(value);
  if (odd !== null) return odd;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e21) return trimmedExponent(value, digits);
  if (size < 1) return trimmed(value, digits);
  return scaled(value, 1000, PREFIXES, digits);
}

function trimmedExponent(value: number, digits: number): string {
  return value.toExponential(digits - 1).replace(/\.?0+e/, 'e').replace('e+', 'e');
}

/** Up to ten figures and thousands set apart, so that two values can be compared by eye. */
export function exact(value: number): string {
  const odd = special(value);
  if (odd !== null) return odd;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-6) return trimmedExponent(value, 10);
  const decimals = Math.max(0, Math.min(10, 9 - Math.floor(Math.log10(size))));
  const [whole, fraction] = size.toFixed(decimals).split('.') as [string, string?];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '\u202f');
  const tail = fraction?.replace(/0+$/, '');
  return `${value < 0 ? '-' : ''}${grouped}${tail ? `.${tail}` : ''}`;
}

/** Bytes with a binary prefix: `1.5 GiB`. */
export function bytes(value: number): string {
  return special(value) ?? `${scaled(value, 1024, BINARY, 3).replace(/([A-Z]i)?$/, ' $1B')}`;
}

/** Bits a second out of bytes a second, with a decimal prefix, as networks are measured. */
export function bitRate(bytesPerSecond: number): string {
  const odd = special(bytesPerSecond);
  if (odd !== null) return odd;
  const bits = bytesPerSecond * 8;
  const text = Math.abs(bits) < 1 ? '0' : scaled(bits, 1000, PREFIXES, 3);
  return text.replace(/([kMGTPE])?$/, ' $1b/s');
}

/** A share between 0 and 1 as per cent. */
export function percent(ratio: number): string {
  const odd = special(ratio);
  if (odd !== null) return odd;
  const value = ratio * 100;
  const size = Math.abs(value);
  return `${value === 0 || size >= 10 ? value.toFixed(0) : value.toFixed(1)} %`;
}

/** A whole number with its thousands set apart. */
export function count(value: number): string {
  return special(value) ?? Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, '\u202f');
}
