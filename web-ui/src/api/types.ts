import type { LabelSet } from '../model/labels';
import type { Matcher } from '../model/matchers';
import type { MatrixSeries } from '../model/matrix';

/** The shapes of the HTTP API under `/api/v1` that the console reads. */

export interface HistogramValue {
  readonly count: string;
  readonly sum: string;
}

export interface VectorSample {
  readonly metric: LabelSet;
  readonly value?: readonly [number, string];
  readonly histogram?: readonly [number, HistogramValue];
}

export interface QueryStats {
  readonly samples?: { readonly totalQueryableSamples?: number; readonly peakSamples?: number };
}

export type QueryData = { readonly stats?: QueryStats } & (
  | { readonly resultType: 'vector'; readonly result: readonly VectorSample[] }
  | { readonly resultType: 'matrix'; readonly result: readonly MatrixSeries[] }
  | { readonly resultType: 'scalar' | 'string'; readonly result: readonly [number, string] }
);

export type Health = 'up' | 'down' | 'unknown';

export interface Target {
  readonly discoveredLabels: LabelSet;
  readonly labels: LabelSet;
  readonly scrapePool: string;
  readonly scrapeUrl: string;
  readonly lastError: string;
  readonly lastScrape: string;
  /** Seconds. */
  readonly lastScrapeDuration: number;
  readonly health: Health;
  readonly scrapeInterval?: string;
  readonly scrapeTimeout?: string;
}

export interface Targets {
  readonly activeTargets: readonly Target[];
  readonly droppedTargetCounts?: Readonly<Record<string, number>> | null;
}

export type AlertState = 'firing' | 'pending' | 'inactive' | 'unknown';

export interface Alert {
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly state: AlertState;
  readonly activeAt?: string;
  readonly value: string;
}

interface RuleBase {
  readonly name: string;
  readonly query: string;
  readonly labels?: LabelSet;
  readonly health: string;
  readonly lastError?: string;
  /** Seconds. */
  readonly evaluationTime?: number;
  readonly lastEvaluation?: string;
}

export interface AlertingRule extends RuleBase {
  readonly type: 'alerting';
  readonly state: AlertState;
  /** Seconds that the condition must hold. */
  readonly duration: number;
  readonly keepFiringFor?: number;
  readonly annotations?: LabelSet;
  readonly alerts?: readonly Alert[] | null;
}

export interface RecordingRule extends RuleBase {
  readonly type: 'recording';
}

export type Rule = AlertingRule | RecordingRule;

export interface RuleGroup {
  readonly name: string;
  readonly file: string;
  /** Seconds. */
  readonly interval: number;
  readonly evaluationTime?: number;
  readonly lastEvaluation?: string;
  readonly rules: readonly Rule[];
}

/** The shapes of Alertmanager's API under `/api/v2`. */
export type SilenceState = 'active' | 'pending' | 'expired';

export interface Silence {
  readonly id: string;
  readonly status: { readonly state: SilenceState };
  readonly matchers: readonly Matcher[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

export interface ToldAlert {
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly startsAt: string;
  readonly fingerprint: string;
  readonly status: {
    readonly state: 'active' | 'suppressed' | 'unprocessed';
    readonly silencedBy: readonly string[];
    readonly inhibitedBy: readonly string[];
    readonly mutedBy?: readonly string[];
  };
}

export interface AlertGroup {
  readonly labels: LabelSet;
  readonly receiver: { readonly name: string };
  readonly alerts: readonly ToldAlert[];
}

export interface NamedCount {
  readonly name: string;
  readonly value: number;
}

export interface TsdbStatus {
  readonly headStats?: {
    readonly numSeries?: number;
    readonly numLabelPairs?: number;
    readonly chunkCount?: number;
    readonly minTime?: number;
    readonly maxTime?: number;
  };
  readonly seriesCountByMetricName?: readonly NamedCount[];
  readonly labelValueCountByLabelName?: readonly NamedCount[];
  readonly memoryInBytesByLabelName?: readonly NamedCount[];
  readonly seriesCountByLabelValuePair?: readonly NamedCount[];
}

/** A query under way. */
export interface ActiveQuery {
  readonly id: string;
  readonly query: string;
  readonly startedAt: string;
  readonly elapsedMs: number;
  /** Whether it has turned out to be much work, and so took its turn among such. */
  readonly heavy: boolean;
  readonly series: number;
  readonly samples: number;
  readonly bytes: number;
}

export interface ActiveQueries {
  readonly heavyRunning: number;
  readonly heavyWaiting: number;
  readonly queries: readonly ActiveQuery[];
}
