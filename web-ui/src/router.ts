import { signal } from '@preact/signals';

/** The console's pages. Each lives at an address one segment deep, so relative links always hold. */
export const PAGES = ['', 'query', 'targets', 'alerts', 'silences', 'status'] as const;
export type PageName = (typeof PAGES)[number];

/** The path below which the server lives, ending in `/`: all but the page's own last segment. */
export const prefix: string = location.pathname.replace(/[^/]*$/, '');

interface Place {
  readonly page: PageName | null;
  readonly search: string;
}

function here(): Place {
  const last = location.pathname.slice(location.pathname.lastIndexOf('/') + 1);
  const named = PAGES.find((page) => page === last);
  return { page: named ?? (last === 'graph' ? 'query' : null), search: location.search };
}

/** Where the console is. */
export const place = signal<Place>(here());

window.addEventListener('popstate', () => {
  place.value = here();
});

/** Goes to a page, given relative to the prefix: `targets?health=down`. */
export function go(link: string): void {
  history.pushState(null, '', prefix + link);
  place.value = here();
  window.scrollTo(0, 0);
}

/** Changes the address's query part without leaving the page. */
export function setSearch(search: string, how: 'push' | 'replace'): void {
  if (search === location.search) return;
  const url = location.pathname + search;
  if (how === 'push') history.pushState(null, '', url);
  else history.replaceState(null, '', url);
  place.value = here();
}

/** Takes plain clicks on links inside the console; the rest is left to the browser. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element).closest?.('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (!link.pathname.startsWith(prefix)) return;
  const rest = link.pathname.slice(prefix.length);
  if (!PAGES.some((page) => page === rest)) return;
  if (link.hash !== '' && link.pathname === location.pathname && link.search === location.search) return;
  event.preventDefault();
  go(rest + link.search + link.hash);
}
