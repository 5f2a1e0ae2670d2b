package barograph.storage.index;

import barograph.storage.model.SampleColumns;
import barograph.storage.model.TimeRange;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.FastAggregation;
import org.roaringbitmap.RoaringBitmap;

/// Which samples of numbered series are deleted although their bytes are still there: spans of
/// time, each with the series that have lost it.
///
/// Immutable, so that readers need no lock: a deletion makes another one. Deletions are few and
/// series are many, hence one set of series per span.
public final class Tombstones {
  /// Nothing is deleted.
  public static final Tombstones NONE = new Tombstones(List.of());

  /// A span of time that some series have lost; the bitmap is only to be read.
  public record Span(TimeRange range, RoaringBitmap series) {}

  private static final int SPAN_BYTES = 20;

  /// More spans than these are looked up by series.
  private static final int FEW_SPANS = 8;

  private final List<Span> spans;

  /// What follows from the spans, made when it is first asked for.
  private volatile @Nullable Lookup lookup;

  /// @param all series that have lost anything
  /// @param bySeries null if there are few spans, or if it would be too large
  private record Lookup(RoaringBitmap all, @Nullable SpansBySeries bySeries) {
    static Lookup of(List<Span> spans) {
      RoaringBitmap all =
          FastAggregation.or(spans.stream().map(Span::series).toArray(RoaringBitmap[]::new));
      return new Lookup(all, spans.size() <= FEW_SPANS ? null : SpansBySeries.of(spans, all));
    }
  }

  private Tombstones(List<Span> spans) {
    this.spans = List.copyOf(spans);
  }

  public boolean isEmpty() {
    return spans.isEmpty();
  }

  public List<Span> spans() {
    return spans;
  }

  /// These and one more span, whose bitmap stays the caller's.
  public Tombstones with(TimeRange range, RoaringBitmap series) {
    if (series.isEmpty()) {
      return this;
    }
    var more = new ArrayList<Span>(spans.size() + 1);
    boolean known = false;
    for (Span span : spans) {
      if (span.range.equals(range)) {
        more.add(new Span(range, RoaringBitmap.or(span.series, series)));
        known = true;
      } else {
        more.add(span);
      }
    }
    if (!known) {
      more.add(new Span(range, series.clone()));
    }
    return new Tombstones(more);
  }

  /// These without spans that end before `floor`.
  public Tombstones from(long floor) {
    var kept = spans.stream().filter(span -> span.range.endMillis() >= floor).toList();
    return kept.size() == spans.size() ? this : new Tombstones(kept);
  }

  /// Takes what `series` has lost out of the samples from place `from` and the histograms from
  /// place `histogramsFrom` on.
  public void apply(int series, SampleColumns samples, int from, int histogramsFrom) {
    if (!touches(series)) {
      return;
    }
    SpansBySeries bySeries = lookup().bySeries;
    if (bySeries != null) {
      bySeries.apply(series, samples, from, histogramsFrom);
      return;
    }
    for (Span span : spans) {
      if (span.series.contains(series)) {
        samples.remove(span.range, from, histogramsFrom);
      }
    }
  }

  /// Whether `series` has lost anything.
  public boolean touches(int series) {
    return !spans.isEmpty() && lookup().all.contains(series);
  }

  private Lookup lookup() {
    Lookup now = lookup;
    if (now == null) {
      now = Lookup.of(spans);
      lookup = now;
    }
    return now;
  }

  /// Whether `series` has lost what it had at `time`.
  public boolean covers(int series, long time) {
    if (!touches(series)) {
      return false;
    }
    SpansBySeries bySeries = lookup().bySeries;
    if (bySeries != null) {
      return bySeries.covers(series, time);
    }
    for (Span span : spans) {
      if (span.range.contains(time) && span.series.contains(series)) {
        return true;
      }
    }
    return false;
  }

  /// Series that have lost all of `range` at once.
  public RoaringBitmap goneFrom(TimeRange range) {
    var gone = new RoaringBitmap();
    for (Span span : spans) {
      if (span.range.startMillis() <= range.startMillis()
          && span.range.endMillis() >= range.endMillis()) {
        gone.or(span.series);
      }
    }
    return gone;
  }

  /// Series that have lost anything; only to be read.
  public RoaringBitmap series() {
    return lookup().all;
  }

  /// As bytes: u32 spans, then for each i64 first and i64 last time, u32 length, a portable Roaring
  /// bitmap.
  public byte[] toBytes() {
    int size = Integer.BYTES;
    for (Span span : spans) {
      size += SPAN_BYTES + span.series.serializedSizeInBytes();
    }
    var bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(spans.size());
    for (Span span : spans) {
      bytes.putLong(span.range.startMillis()).putLong(span.range.endMillis());
      bytes.putInt(span.series.serializedSizeInBytes());
      span.series.serialize(bytes);
    }
    return bytes.array();
  }

  /// What [#toBytes] wrote.
  ///
  /// @return null if the bytes make no sense
  public static @Nullable Tombstones of(byte[] written) {
    var bytes = ByteBuffer.wrap(written).order(ByteOrder.LITTLE_ENDIAN);
    var spans = new ArrayList<Span>();
    try {
      for (int left = bytes.getInt(); left > 0; left--) {
        var range = new TimeRange(bytes.getLong(), bytes.getLong());
        int length = bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
          return null;
        }
        spans.add(new Span(range, StoredBitmap.read(bytes.slice(bytes.position(), length))));
        bytes.position(bytes.position() + length);
      }
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return null;
    }
    return new Tombstones(spans);
  }
}
