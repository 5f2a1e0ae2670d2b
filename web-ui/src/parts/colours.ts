/** Colours for what is drawn on a canvas, where style sheets do not reach. */

const LIGHT = [
  '#3a55c4', '#c2541f', '#1f8556', '#9c3a9c', '#a97f00', '#0b829b', '#c0355a', '#62761a', '#6f4fe0', '#875433',
  '#47688a', '#cf7a12',
];
const DARK = [
  '#8aa2ff', '#f58f5f', '#5ecb90', '#da8fd9', '#e6c44f', '#4cc6dd', '#f5839f', '#b6cb62', '#b5a1ff', '#cfa687',
  '#96b8d8', '#f9b75c',
];

/** The colour of the line with that index; after the twelve chosen ones, hues far from each other. */
export function lineColour(index: number, dark: boolean): string {
  const chosen = (dark ? DARK : LIGHT)[index];
  if (chosen !== undefined) return chosen;
  const hue = (index * 137.508) % 360;
  return `hsl(${hue.toFixed(0)} ${dark ? 62 : 58}% ${dark ? 68 : 42}%)`;
}

export function axisColours(dark: boolean) {
  return dark
    ? { text: '#8d96a5', grid: '#232a34', tick: '#2f3743' }
    : { text: '#666b79', grid: '#e6e2d6', tick: '#cfcabb' };
}
