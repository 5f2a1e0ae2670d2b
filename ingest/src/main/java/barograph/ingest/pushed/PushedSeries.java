package barograph.ingest.pushed;

import barograph.storage.model.Exemplar;
import barograph.storage.model.Histogram;
import barograph.storage.model.MetricMetadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One decoded request: the samples of all its series as columns, and for each series where its
/// labels stand as bytes. Reused; one thread at a time.
///
/// Labels are written as `prometheus.TimeSeries` of remote write 1.0 has them, so that a series is
/// the same bytes whichever way it came: for that protocol the request's own bytes are used in
/// place ([#endSeries]), for others [#beginSeries] and [#label] write them.
public final class PushedSeries {
  private static final byte LABEL = 1 << 3 | 2;
  private static final byte NAME = 1 << 3 | 2;
  private static final byte VALUE = 2 << 3 | 2;

  /// An exemplar with the number of its series.
  record OfSeries(int series, Exemplar exemplar) {}

  private byte[] own = new byte[4096];
  private int filled;
  private byte[] labelBytes = own;

  /// For each series, the bytes from its first label to the end of its last.
  int[] labelsFrom = new int[256];

  int[] labelsTo = new int[256];
  int[] firstSample = new int[257];
  int series;

  /// For each sample, the number of its series.
  int[] sampleSeries = new int[1024];

  long[] timestamps = new long[1024];
  double[] values = new double[1024];
  int samples;

  /// Made when the first histogram comes; null where the sample is a float.
  private @Nullable Histogram @Nullable [] histograms;

  final List<OfSeries> exemplars = new ArrayList<>();

  /// Series that have exemplars.
  final BitSet exemplified = new BitSet();

  final Map<String, MetricMetadata> metadata = new HashMap<>();

  /// Since when each series counts; 0 where that is not told. Made when the first is told.
  private long[] starts = {};

  /// Whether the decoder may take labels for granted, and whether it has ([#endSeriesUnread]).
  private boolean unreadWanted;

  boolean unread;

  /// Samples that the decoder could not take, and why it could not take the first.
  int refused;

  String firstRefusal = "";

  /// Empties it for the next request.
  ///
  /// @param mayLeaveUnread whether labels may stay unread that are known by their hash
  void clear(boolean mayLeaveUnread) {
    unreadWanted = mayLeaveUnread;
    unread = false;
    filled = 0;
    labelBytes = own;
    series = 0;
    samples = 0;
    histograms = null;
    exemplars.clear();
    exemplified.clear();
    metadata.clear();
    starts = new long[0];
    refused = 0;
    firstRefusal = "";
  }

  /// Takes labels from `bytes` in place, which must stay as they are until the answer is there.
  public void labelsIn(byte[] bytes) {
    labelBytes = bytes;
  }

  byte[] labelBytes() {
    return labelBytes;
  }

  /// Bytes of memory that are kept for the next request, about.
  int room() {
    return own.length + 20 * timestamps.length + 16 * labelsFrom.length;
  }

  /// Begins a series whose labels come by [#label]; its samples follow them.
  public void beginSeries() {
    labelBytes = own;
    reserveSeries();
    labelsFrom[series] = filled;
    firstSample[series] = samples;
  }

  /// Begins a series whose labels [#endSeries] will tell.
  public void beginSeriesInPlace() {
    reserveSeries();
    firstSample[series] = samples;
  }

  private void reserveSeries() {
    if (series == labelsFrom.length) {
      labelsFrom = Arrays.copyOf(labelsFrom, 2 * series);
      labelsTo = Arrays.copyOf(labelsTo, 2 * series);
      firstSample = Arrays.copyOf(firstSample, 2 * series + 1);
    }
  }

  /// Gives the begun series a label.
  public void label(String name, String value) {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
    label(nameBytes, 0, nameBytes.length, valueBytes, 0, valueBytes.length);
  }

  /// Gives the begun series a label whose name and value stand as bytes.
  public void label(
      byte[] name, int nameFrom, int nameLength, byte[] value, int valueFrom, int valueLength) {
    int inner = 2 + lengthOf(nameLength) + nameLength + lengthOf(valueLength) + valueLength;
    reserve(inner + 1 + lengthOf(inner));
    own[filled++] = LABEL;
    putLength(inner);
    own[filled++] = NAME;
    putLength(nameLength);
    System.arraycopy(name, nameFrom, own, filled, nameLength);
    filled += nameLength;
    own[filled++] = VALUE;
    putLength(valueLength);
    System.arraycopy(value, valueFrom, own, filled, valueLength);
    filled += valueLength;
  }

  private void reserve(int more) {
    if (filled + more > own.length) {
      own = Arrays.copyOf(own, Math.max(filled + more, own.length + (own.length >> 1)));
      labelBytes = own;
    }
  }

  private static int lengthOf(int number) {
    return number < 1 << 7
        ? 1
        : number < 1 << 14 ? 2 : number < 1 << 21 ? 3 : number < 1 << 28 ? 4 : 5;
  }

  private void putLength(int number) {
    int rest = number;
    while (rest >= 1 << 7) {
      own[filled++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    own[filled++] = (byte) rest;
  }

  /// Ends the series that was begun.
  public void endSeries() {
    labelsTo[series++] = filled;
    firstSample[series] = samples;
  }

  /// Ends the series that was begun in place: its labels stand in `[from, to)`, among which fields
  /// of other kinds may stand.
  public void endSeries(int from, int to) {
    labelsFrom[series] = from;
    labelsTo[series++] = to;
    firstSample[series] = samples;
  }

  /// Whether series may end by [#endSeriesUnread].
  public boolean mayLeaveUnread() {
    return unreadWanted;
  }

  /// Ends the series that was begun in place: if its message is what its end looks like, its labels
  /// are all that stands in `[from, to)`, which nobody has looked at.
  ///
  /// Bytes that were labels in an earlier request are labels in this one: of a series that is known
  /// by the hash of its bytes nobody needs to step through them. Where one is not known, they are
  /// read after all, and if they are not labels alone, the request is decoded again, read in full.
  public void endSeriesUnread(int from, int to) {
    unread = true;
    endSeries(from, to);
  }

  /// Adds a sample of the begun series.
  public void add(long timestampMillis, double value) {
    if (samples == timestamps.length) {
      int room = 2 * samples;
      sampleSeries = Arrays.copyOf(sampleSeries, room);
      timestamps = Arrays.copyOf(timestamps, room);
      values = Arrays.copyOf(values, room);
    }
    sampleSeries[samples] = series;
    timestamps[samples] = timestampMillis;
    values[samples++] = value;
  }

  /// Adds a native histogram of the begun series.
  public void add(long timestampMillis, Histogram histogram) {
    add(timestampMillis, Double.NaN);
    if (histograms == null) {
      histograms = new Histogram[timestamps.length];
    } else if (histograms.length < samples) {
      histograms = Arrays.copyOf(histograms, timestamps.length);
    }
    histograms[samples - 1] = histogram;
  }

  /// Whether there is a histogram among the samples.
  boolean hasHistograms() {
    return histograms != null;
  }

  /// The histogram of a sample, or null if it has a value.
  @Nullable Histogram histogram(int sample) {
    return histograms == null || sample >= histograms.length ? null : histograms[sample];
  }

  /// Adds an exemplar of the begun series.
  public void add(Exemplar exemplar) {
    exemplars.add(new OfSeries(series, exemplar));
    exemplified.set(series);
  }

  /// Notes since when the begun series counts.
  public void startsAt(long millis) {
    if (millis > 0) {
      if (starts.length <= series) {
        starts = Arrays.copyOf(starts, labelsFrom.length);
      }
      starts[series] = millis;
    }
  }

  /// Since when a series counts; 0 if that was not told.
  long start(int number) {
    return number < starts.length ? starts[number] : 0;
  }

  boolean hasStarts() {
    return starts.length > 0;
  }

  /// Notes what was told of a metric.
  public void tellOf(String metric, MetricMetadata told) {
    if (!metric.isEmpty()) {
      metadata.put(metric, told);
    }
  }

  /// Counts samples that cannot be taken; the others of the request still are.
  public void refuse(int count, String reason) {
    refused += count;
    if (firstRefusal.isEmpty()) {
      firstRefusal = reason;
    }
  }
}
