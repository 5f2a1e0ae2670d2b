/** Where in an expression the server stopped understanding it. */
export interface ParseError {
  readonly before: string;
  /** The character it stopped at; a space at the end of the line. */
  readonly at: string;
  readonly after: string;
}

/** Finds the place that `1:17: parse error: …` names; null when it names none in this expression. */
export function locate(message: string, expr: string): ParseError | null {
  const place = /\b(\d+):(\d+): parse error/.exec(message);
  const line = place && expr.split('\n')[Number(place[1]) - 1];
  if (!place || line === undefined || line === null) return null;
  // Columns count bytes of UTF-8.
  const bytes = new TextEncoder().encode(line);
  const column = Number(place[2]) - 1;
  if (column < 0 || column > bytes.length) return null;
  const before = new TextDecoder().decode(bytes.subarray(0, column));
  const rest = [...new TextDecoder().decode(bytes.subarray(column))];
  return { before, at: rest[0] ?? ' ', after: rest.slice(1).join('') };
}
