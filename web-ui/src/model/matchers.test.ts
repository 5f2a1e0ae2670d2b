import { describe, expect, it } from 'vitest';
import { matcherText, matchersOf, parseMatchers } from './matchers';

describe('matchers', () => {
  it('reads every operator, quoted and not', () => {
    expect(parseMatchers('a=b, c!="d e" ,f=~"g.*",h!~i')).toEqual([
      { name: 'a', value: 'b', isRegex: false, isEqual: true },
      { name: 'c', value: 'd e', isRegex: false, isEqual: false },
      { name: 'f', value: 'g.*', isRegex: true, isEqual: true },
      { name: 'h', value: 'i', isRegex: true, isEqual: false },
    ]);
  });

  it('takes braces, a comma at the end, escapes, and values with commas', () => {
    expect(parseMatchers('{a="b,\\"c\\\\", }')).toEqual([{ name: 'a', value: 'b,"c\\', isRegex: false, isEqual: true }]);
  });

  it('refuses what is none', () => {
    for (const text of ['', '{}', 'a', 'a=', '=b', 'a="b', 'a b=c', 'a==b']) {
      if (text === 'a=') expect(parseMatchers(text)).toHaveLength(1);
      else expect(parseMatchers(text), text).toBeNull();
    }
  });

  it('writes what it reads', () => {
    for (const text of ['a="b"', 'a!="b"', 'a=~"b|c"', 'a!~"\\\\d"', '"a b"="ü\\n"']) {
      expect(parseMatchers(text)!.map(matcherText).join()).toBe(text);
    }
  });

  it('names the labels of an alert', () => {
    expect(matchersOf({ b: '2', a: 'x"y' })).toBe('a="x\\"y", b="2"');
  });
});
