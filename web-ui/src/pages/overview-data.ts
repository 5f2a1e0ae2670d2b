import { ask } from '../api/client';
import type { QueryData } from '../api/types';
import { selectorOf, type LabelSet } from '../model/labels';
import { instantsOf, lineOf, type Line } from '../model/matrix';
import { parseSample } from '../model/number';
import type { Grid } from '../model/step';

/** The questions behind the overview, all in PromQL: each can be taken to the query page. */

/** Filesystems that hold nothing to lose. */
const NO_DISK = 'tmpfs|devtmpfs|ramfs|squashfs|iso9660|nsfs|proc|sysfs|cgroup2?|autofs|efivarfs|fuse.*';
/** Network devices inside the machine. */
const NO_NETWORK = 'lo|veth.*|docker.*|br-.*|cali.*|cni.*|flannel.*|virbr.*';

/** A machine that tells about itself under node_exporter's names. */
export interface Host {
  readonly job: string;
  readonly instance: string;
}

/** The part of a selector that picks the host, to be followed by more matchers. */
function of(host: Host): string {
  return selectorOf({ job: host.job, instance: host.instance }).slice(1, -1);
}

export const QUESTIONS = {
  hosts: 'count by (job, instance) (node_load1)',
  cpu: (host: Host, window: string) =>
    `avg by (mode) (rate(node_cpu_seconds_total{${of(host)}, mode!="idle"}[${window}]))`,
  memoryUsed: (host: Host) =>
    `node_memory_MemTotal_bytes{${of(host)}} - node_memory_MemAvailable_bytes{${of(host)}}`,
  memoryTotal: (host: Host) => `node_memory_MemTotal_bytes{${of(host)}}`,
  received: (host: Host, window: string) =>
    `sum(rate(node_network_receive_bytes_total{${of(host)}, device!~"${NO_NETWORK}"}[${window}]))`,
  sent: (host: Host, window: string) =>
    `sum(rate(node_network_transmit_bytes_total{${of(host)}, device!~"${NO_NETWORK}"}[${window}]))`,
  diskRead: (host: Host, window: string) => `sum(rate(node_disk_read_bytes_total{${of(host)}}[${window}]))`,
  diskWritten: (host: Host, window: string) => `sum(rate(node_disk_written_bytes_total{${of(host)}}[${window}]))`,
  diskSize: (host: Host) => `node_filesystem_size_bytes{${of(host)}, fstype!~"${NO_DISK}"} > 0`,
  diskFree: (host: Host) => `node_filesystem_avail_bytes{${of(host)}, fstype!~"${NO_DISK}"}`,
  load: (host: Host) => `{__name__=~"node_load1|node_load5|node_load15|node_boot_time_seconds", ${of(host)}}`,
  cores: (host: Host) => `count(count by (cpu) (node_cpu_seconds_total{${of(host)}}))`,
  ingest: (window: string) => `sum(rate(prometheus_tsdb_head_samples_appended_total[${window}]))`,
  series: 'sum(prometheus_tsdb_head_series)',
  ownMemory: 'process_resident_memory_bytes and on (job, instance) prometheus_tsdb_head_series',
  ownCpu: (window: string) =>
    `rate(process_cpu_seconds_total[${window}]) and on (job, instance) prometheus_tsdb_head_series`,
  up: 'sum by (job) (up)',
} as const;

/** The series of an instant vector with their values; none when there is another kind of result. */
export async function vector(expr: string, signal: AbortSignal): Promise<{ labels: LabelSet; value: number }[]> {
  const { data } = await ask<QueryData>('query', { params: { query: expr }, post: true, signal });
  if (data.resultType !== 'vector') return [];
  return data.result.flatMap((sample) =>
    sample.value ? [{ labels: sample.metric, value: parseSample(sample.value[1]) }] : [],
  );
}

/** The lines of a range query on the grid. */
export async function lines(expr: string, grid: Grid, signal: AbortSignal): Promise<Line[]> {
  const { data } = await ask<QueryData>('query_range', {
    params: { query: expr, start: grid.start, end: grid.end, step: grid.step },
    post: true,
    signal,
  });
  return data.resultType === 'matrix' ? data.result.map((series) => lineOf(series, grid)) : [];
}

/** The values of the only line; gaps when there is none. */
export async function line(expr: string, grid: Grid, signal: AbortSignal): Promise<(number | null)[]> {
  const [first] = await lines(expr, grid, signal);
  return first?.values ?? instantsOf(grid).map(() => null);
}

/** Adds lines up where at least one has a value. */
export function sum(...parts: readonly (readonly (number | null)[])[]): (number | null)[] {
  return (parts[0] ?? []).map((_, i) => {
    const known = parts.map((part) => part[i]).filter((value) => value !== null && value !== undefined);
    return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
  });
}

/** The newest value of a line that is not too old: within its last three points. */
export function newest(values: readonly (number | null)[]): number | null {
  return values.slice(-3).findLast((value) => value !== null) ?? null;
}
