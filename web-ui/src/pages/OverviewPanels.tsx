import type { ComponentChildren } from 'preact';
import { usePoll } from '../api/poll';
import { roughDuration } from '../model/duration';
import { instantsOf } from '../model/matrix';
import { bitRate, bytes, percent, short } from '../model/number';
import { queryLink } from '../model/querystate';
import type { Grid } from '../model/step';
import { Chart, type ChartLine } from '../parts/Chart';
import { lineColour } from '../parts/colours';
import { Icon } from '../parts/icons';
import { Failure } from '../parts/Notes';
import { prefix } from '../router';
import { isDark } from '../settings';
import { signal } from '@preact/signals';
import { line, lines, newest, QUESTIONS, sum, vector, type Host } from './overview-data';

const HEIGHT = 170;

interface Frame {
  readonly gridNow: () => Grid;
  readonly window: string;
  readonly everyMillis: number;
  readonly rangeText: string;
}

/** A chart with its name, its newest figure, and the way to its question. */
function ChartPanel(props: {
  title: string;
  figure?: ComponentChildren;
  exprs: readonly string[];
  children: ComponentChildren;
  keys?: readonly ChartLine[];
  format?: (value: number) => string;
}) {
  const dark = isDark();
  return (
    <section class="panel chart-panel">
      <header>
        <h3>{props.title}</h3>
        <span class="grow dim small num">{props.figure}</span>
        <a class="faint" href={prefix + queryLink(...props.exprs)} aria-label={`${props.title}: open in Query`} title="Open in Query">
          <Icon name="chart" />
        </a>
      </header>
      {props.children}
      {props.keys !== undefined && (
        <div class="keys">
          {props.keys.map((key, i) => (
            <span key={key.name}>
              <i class="swatch" style={{ background: lineColour(key.colour ?? i, dark) }} />
              {key.name}
              {props.format && <span class="num">{figureOf(key.values, props.format)}</span>}
            </span>
          ))}
        </div>
      )}
    </section>
  );
}

function figureOf(values: readonly (number | null)[], format: (value: number) => string): string {
  const value = newest(values);
  return value === null ? '' : format(value);
}

const chosenHost = signal('');

/** The machine itself, or any other that is watched under node_exporter's names. */
export function HostPanels(frame: Frame) {
  const found = usePoll((signal) => vector(QUESTIONS.hosts, signal), 'hosts', 60_000);
  const hosts = (found.data ?? [])
    .map(({ labels }): Host => ({ job: labels['job'] ?? '', instance: labels['instance'] ?? '' }))
    .sort((a, b) => rank(a) - rank(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
  const host = hosts.find((candidate) => nameOf(candidate) === chosenHost.value) ?? hosts[0];
  if (host === undefined) {
    return found.data === undefined ? null : (
      <p class="note info">
        No machine reports its CPU, memory and disks yet. Scrape Barograph's own <code>/metrics/host</code> or a
        node_exporter, and its charts appear here.
      </p>
    );
  }
  return (
    <>
      <div class="section-head">
        <h2>Machine</h2>
        {hosts.length === 1 ? (
          <span class="dim">{nameOf(host)}</span>
        ) : (
          <select aria-label="Machine" value={nameOf(host)} onChange={(event) => (chosenHost.value = event.currentTarget.value)}>
            {hosts.map((candidate) => (
              <option key={nameOf(candidate)}>{nameOf(candidate)}</option>
            ))}
          </select>
        )}
        <HostFacts host={host} everyMillis={frame.everyMillis} />
      </div>
      <div class="charts">
        <Cpu host={host} {...frame} />
        <Memory host={host} {...frame} />
        <Network host={host} {...frame} />
        <Disk host={host} {...frame} />
      </div>
    </>
  );
}

function rank(host: Host): number {
  return host.job === 'host' ? 0 : 1;
}

function nameOf(host: Host): string {
  return `${host.job} · ${host.instance}`;
}

function useFrame<T>(frame: Frame, key: string, read: (grid: Grid, signal: AbortSignal) => Promise<T>) {
  return usePoll(
    async (signal) => {
      const grid = frame.gridNow();
      return { times: instantsOf(grid), value: await read(grid, signal) };
    },
    `${key} ${frame.rangeText} ${frame.window}`,
    frame.everyMillis,
  );
}

function HostFacts(props: { host: Host; everyMillis: number }) {
  const { host } = props;
  const facts = usePoll(
    async (signal) => {
      const [load, cores] = await Promise.all([vector(QUESTIONS.load(host), signal), vector(QUESTIONS.cores(host), signal)]);
      const value = (name: string) => load.find(({ labels }) => labels['__name__'] === name)?.value;
      return {
        loads: ['node_load1', 'node_load5', 'node_load15'].map(value),
        booted: value('node_boot_time_seconds'),
        cores: cores[0]?.value,
      };
    },
    `facts ${nameOf(host)}`,
    props.everyMillis,
  ).data;
  if (facts === undefined) return null;
  const parts = [
    facts.cores !== undefined && `${facts.cores} ${facts.cores === 1 ? 'core' : 'cores'}`,
    facts.loads.every((load) => load !== undefined) && `load ${facts.loads.map((load) => short(load!)).join(' · ')}`,
    facts.booted !== undefined && `up ${roughDuration(Date.now() - facts.booted * 1000)}`,
  ].filter((part) => part !== false);
  return <span class="dim small num">{parts.join(', ')}</span>;
}

const BUSY: readonly (readonly [name: string, modes: readonly string[]])[] = [
  ['user', ['user', 'nice']],
  ['system', ['system', 'irq', 'softirq']],
  ['waiting for disk', ['iowait']],
  ['stolen', ['steal']],
];

function Cpu(props: Frame & { host: Host }) {
  const expr = QUESTIONS.cpu(props.host, props.window);
  const cpu = useFrame(props, expr, async (grid, signal): Promise<ChartLine[]> => {
    const modes = await lines(expr, grid, signal);
    return BUSY.map(([name, parts], colour) => ({
      name,
      colour: [0, 4, 1, 3][colour]!,
      values: sum(
        instantsOf(grid).map(() => null),
        ...modes.filter((mode) => parts.includes(mode.labels['mode'] ?? '')).map((mode) => mode.values),
      ),
    })).filter(({ name, values }) => name !== 'stolen' || values.some((value) => value !== null && value > 0.005));
  });
  const drawn = cpu.data?.value ?? [];
  const busy = newest(sum(...drawn.map(({ values }) => values)));
  return (
    <ChartPanel title="CPU" figure={busy === null ? '' : `${percent(busy)} busy`} exprs={[expr]} keys={drawn} format={percent}>
      {cpu.error !== undefined && <Failure error={cpu.error} />}
      <Chart title={`CPU: ${busy === null ? 'no data' : `${percent(busy)} busy`}`} times={cpu.data?.times ?? []} lines={drawn}
        height={HEIGHT} format={percent} stack atLeast={1} sync="overview" />
    </ChartPanel>
  );
}

function Memory(props: Frame & { host: Host }) {
  const expr = QUESTIONS.memoryUsed(props.host);
  const memory = useFrame(props, expr, async (grid, signal) => {
    const [used, total] = await Promise.all([
      line(expr, grid, signal),
      line(QUESTIONS.memoryTotal(props.host), grid, signal),
    ]);
    return { lines: [{ name: 'used', values: used }] satisfies ChartLine[], used: newest(used), total: newest(total) };
  });
  const { used = null, total = null } = memory.data?.value ?? {};
  const figure = used === null || total === null ? '' : `${bytes(used)} of ${bytes(total)} used, ${percent(used / total)}`;
  return (
    <ChartPanel title="Memory" figure={figure} exprs={[expr]} keys={memory.data?.value.lines ?? []} format={bytes}>
      {memory.error !== undefined && <Failure error={memory.error} />}
      <Chart title={`Memory: ${figure || 'no data'}`} times={memory.data?.times ?? []} lines={memory.data?.value.lines ?? []}
        height={HEIGHT} format={bytes} binary fill {...(total === null ? {} : { atLeast: total })} sync="overview" />
    </ChartPanel>
  );
}

function Network(props: Frame & { host: Host }) {
  const exprs = [QUESTIONS.received(props.host, props.window), QUESTIONS.sent(props.host, props.window)] as const;
  const network = useFrame(props, exprs.join(), async (grid, signal): Promise<ChartLine[]> => {
    const [received, sent] = await Promise.all(exprs.map((expr) => line(expr, grid, signal)));
    return [
      { name: 'received', values: received!, colour: 2 },
      { name: 'sent', values: sent!, colour: 3 },
    ];
  });
  const drawn = network.data?.value ?? [];
  return (
    <ChartPanel title="Network" exprs={exprs} keys={drawn} format={bitRate}>
      {network.error !== undefined && <Failure error={network.error} />}
      <Chart title="Network traffic" times={network.data?.times ?? []} lines={drawn} height={HEIGHT} format={bitRate} fill sync="overview" />
    </ChartPanel>
  );
}

interface Filesystem {
  readonly mountpoint: string;
  readonly size: number;
  readonly free: number;
}

const MOST_FILESYSTEMS = 5;

async function filesystems(host: Host, signal: AbortSignal): Promise<Filesystem[]> {
  const [sizes, frees] = await Promise.all([
    vector(QUESTIONS.diskSize(host), signal),
    vector(QUESTIONS.diskFree(host), signal),
  ]);
  // One device mounted twice is one disk: the shortest mount point names it.
  const byDevice = new Map<string, Filesystem>();
  for (const { labels, value } of sizes) {
    const { mountpoint = '', device = '' } = labels;
    const free = frees.find((other) => other.labels['mountpoint'] === mountpoint && other.labels['device'] === device);
    const known = byDevice.get(device);
    if (free === undefined || (known !== undefined && known.mountpoint.length <= mountpoint.length)) continue;
    byDevice.set(device, { mountpoint, size: value, free: free.value });
  }
  return [...byDevice.values()].sort((a, b) => a.free / a.size - b.free / b.size).slice(0, MOST_FILESYSTEMS);
}

function Disk(props: Frame & { host: Host }) {
  const read = QUESTIONS.diskRead(props.host, props.window);
  const written = QUESTIONS.diskWritten(props.host, props.window);
  const disk = useFrame(props, read, async (grid, signal) => {
    const [space, reading, writing] = await Promise.all([
      filesystems(props.host, signal),
      line(read, grid, signal),
      line(written, grid, signal),
    ]);
    const drawn: ChartLine[] = [
      { name: 'read', values: reading, colour: 5 },
      { name: 'written', values: writing, colour: 1 },
    ];
    return { space, drawn: drawn.filter(({ values }) => values.some((value) => value !== null)) };
  });
  const { space = [], drawn = [] } = disk.data?.value ?? {};
  const rate = (value: number) => `${bytes(value)}/s`;
  return (
    <ChartPanel title="Disks" exprs={[QUESTIONS.diskFree(props.host), read, written]}
      {...(drawn.length > 0 ? { keys: drawn, format: rate } : {})}>
      {disk.error !== undefined && <Failure error={disk.error} />}
      <ul class="disks">
        {space.map(({ mountpoint, size, free }) => {
          const share = 1 - free / size;
          return (
            <li key={mountpoint} class={share > 0.95 ? 'bad' : share > 0.85 ? 'warn' : ''}>
              <span class="mono">{mountpoint}</span>
              <span class="meter" role="meter" aria-label={`${mountpoint} used`} aria-valuenow={Math.round(share * 100)} aria-valuemin={0} aria-valuemax={100}>
                <i style={{ width: `${share * 100}%` }} />
              </span>
              <span class="num small dim">
                {percent(share)}, {bytes(free)} free
              </span>
            </li>
          );
        })}
      </ul>
      {drawn.length > 0 && (
        <Chart title="Disk reads and writes" times={disk.data?.times ?? []} lines={drawn}
          height={Math.max(90, HEIGHT - 14 - 24 * space.length)} format={rate} binary fill sync="overview" />
      )}
      {disk.data !== undefined && space.length === 0 && drawn.length === 0 && <p class="faint pad">No disk is reported.</p>}
    </ChartPanel>
  );
}

/** Barograph's own vital signs. */
export function SelfPanels(frame: Frame) {
  const exprs = { ingest: QUESTIONS.ingest(frame.window), memory: QUESTIONS.ownMemory };
  const self = useFrame(frame, 'self', async (grid, signal) => {
    const [ingest, memory] = await Promise.all([line(exprs.ingest, grid, signal), lines(exprs.memory, grid, signal)]);
    return {
      ingest: [{ name: 'samples a second', values: ingest, colour: 0 }] satisfies ChartLine[],
      memory: memory.map((each): ChartLine => ({
        name: memory.length === 1 ? 'resident' : `${each.labels['job']} ${each.labels['instance']}`,
        values: each.values,
      })),
    };
  });
  const { ingest = [], memory = [] } = self.data?.value ?? {};
  const times = self.data?.times ?? [];
  return (
    <>
      <div class="section-head">
        <h2>Barograph itself</h2>
      </div>
      {self.error !== undefined && <Failure error={self.error} />}
      <div class="charts">
        <ChartPanel title="Ingest" figure={ingest[0] && figureOf(ingest[0].values, (value) => `${short(value)} samples/s`)} exprs={[exprs.ingest]}>
          <Chart title="Samples taken in a second" times={times} lines={ingest} height={HEIGHT} format={short} fill sync="overview" />
        </ChartPanel>
        <ChartPanel title="Memory" figure={memory[0] && figureOf(memory[0].values, bytes)} exprs={[exprs.memory]}>
          <Chart title="Barograph's resident memory" times={times} lines={memory} height={HEIGHT} format={bytes} binary fill sync="overview" />
        </ChartPanel>
      </div>
    </>
  );
}
