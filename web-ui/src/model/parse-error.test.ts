import { describe, expect, it } from 'vitest';
import { locate } from './parse-error';

describe('the place of a parse error', () => {
  it('is the character that the server names', () => {
    expect(locate('invalid parameter "query": 1:5: parse error: unexpected ","', 'sum(,up)')).toEqual({
      before: 'sum(',
      at: ',',
      after: 'up)',
    });
  });

  it('is a space after the end when something is missing there', () => {
    expect(locate('1:5: parse error: unclosed left parenthesis', 'f(up')).toEqual({ before: 'f(up', at: ' ', after: '' });
  });

  it('is in the line that is named, and counted in bytes', () => {
    expect(locate('2:7: parse error: x', 'sum(\n"é" + ! up)')).toEqual({ before: '"é" +', at: ' ', after: '! up)' });
  });

  it.each(['unknown position: parse error: no expression found', '1:99: parse error: x', '9:1: parse error: x', 'timeout'])(
    'is none for "%s"',
    (message) => expect(locate(message, 'up')).toBeNull(),
  );
});
