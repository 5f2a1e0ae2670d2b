import { useEffect } from 'preact/hooks';
import { ask, lostSince } from './api/client';
import { usePoll } from './api/poll';
import type { Alert } from './api/types';
import { formatMoment } from './model/clock';
import { Alerts } from './pages/Alerts';
import { Overview } from './pages/Overview';
import { Query } from './pages/Query';
import { Silences } from './pages/Silences';
import { Status } from './pages/Status';
import { Targets } from './pages/Targets';
import { Icon, Mark } from './parts/icons';
import { Empty } from './parts/Notes';
import { followLinks, place, prefix, type PageName } from './router';
import { isDark, theme, zone } from './settings';

const TITLES: Record<PageName, string> = {
  '': 'Overview',
  query: 'Query',
  targets: 'Targets',
  alerts: 'Alerts',
  silences: 'Silences',
  status: 'Status',
};

/** The frame around every page: where one is, where one can go, and whether the server is there. */
export function Shell() {
  const { page } = place.value;
  useEffect(() => {
    document.title = page === null ? 'Barograph' : `${TITLES[page]} · Barograph`;
  }, [page]);
  return (
    <div onClick={followLinks}>
      <Top page={page} />
      {lostSince.value !== null && (
        <div class="lost" role="alert">
          No answer from the server since {formatMoment(lostSince.value, zone.value).slice(11, 19)}. What you see may be old.
        </div>
      )}
      <main data-page={page ?? 'none'}>{page === null ? <Nowhere /> : <Page page={page} />}</main>
    </div>
  );
}

function Page(props: { page: PageName }) {
  switch (props.page) {
    case '':
      return <Overview />;
    case 'query':
      return <Query />;
    case 'targets':
      return <Targets />;
    case 'alerts':
      return <Alerts />;
    case 'silences':
      return <Silences />;
    case 'status':
      return <Status />;
  }
}

function Nowhere() {
  return (
    <Empty title="There is no such page">
      Go back to the <a href={prefix}>overview</a>.
    </Empty>
  );
}

function Top(props: { page: PageName | null }) {
  const alerts = usePoll(
    (signal) => ask<{ alerts: readonly Alert[] }>('alerts', { signal }),
    'alerts',
    15_000,
  );
  const firing = alerts.data?.data.alerts.filter((alert) => alert.state === 'firing').length ?? 0;
  return (
    <header class="top">
      <a class="brand" href={prefix}>
        <Mark />
        Barograph
      </a>
      <nav aria-label="Pages">
        {(Object.entries(TITLES) as [PageName, string][]).map(([page, title]) => (
          <a key={page} href={prefix + page} aria-current={props.page === page ? 'page' : undefined}>
            {title}
            {page === 'alerts' && firing > 0 && (
              <span class="count" title={`${firing} firing`}>
                {firing}
              </span>
            )}
          </a>
        ))}
      </nav>
      <span class="grow" />
      <button
        type="button"
        class="quiet"
        title="Clock: the browser's time zone or UTC"
        onClick={() => (zone.value = zone.value === 'utc' ? 'local' : 'utc')}
      >
        {zone.value === 'utc' ? 'UTC' : 'Local'}
      </button>
      <ThemeButton />
    </header>
  );
}

const NEXT_THEME = { system: 'light', light: 'dark', dark: 'system' } as const;

function ThemeButton() {
  const icon = theme.value === 'system' ? 'half' : isDark() ? 'moon' : 'sun';
  const label = `Theme: ${theme.value}. Change to ${NEXT_THEME[theme.value]}`;
  return (
    <button
      type="button"
      class="icon quiet"
      aria-label={label}
      title={label}
      onClick={() => (theme.value = NEXT_THEME[theme.value])}
    >
      <Icon name={icon} />
    </button>
  );
}
