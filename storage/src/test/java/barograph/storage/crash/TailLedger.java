package barograph.storage.crash;

import barograph.storage.LogTail;
import barograph.storage.Store;
import barograph.storage.crash.Ledger.Moment;
import barograph.storage.crash.Ledger.Place;
import barograph.storage.model.Damage;
import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a [LogTail] has to hand over after a stop, by the count of the disk's operations.
///
/// It goes on where it was released last, as its note says: at the last release that was
/// acknowledged by then, or at a later one that was under way. From there on each series' samples
/// come in the order in which they were sent, none that was acknowledged is missing, and none comes
/// twice.
final class TailLedger {
  private static final long NEVER = Long.MAX_VALUE;

  /// How many bytes of the log one reading takes: a few frames.
  private static final int READ_BYTES = 300;

  /// A sample on its way into the log; acknowledged, perhaps, later.
  static final class Sent {
    private final Place place;
    private final Object value;
    private final long sentAt;
    private long acknowledgedAt = NEVER;

    Sent(Place place, Object value, long sentAt) {
      this.place = place;
      this.value = value;
      this.sentAt = sentAt;
    }

    void acknowledged(long operations) {
      acknowledgedAt = operations;
    }
  }

  /// A place in what was sent: how many samples of each series need not come again.
  private static final class Release {
    final Map<String, Integer> before;
    final long beganAt;
    long acknowledgedAt = NEVER;

    Release(Map<String, Integer> before, long beganAt) {
      this.before = Map.copyOf(before);
      this.beganAt = beganAt;
    }
  }

  /// What a tail hands over.
  private static final class Hearing implements LogTail.Receiver {
    private final LogTail tail;
    private final boolean mayLose;
    private final boolean mayHaveHoles;
    private final Map<String, List<Map.Entry<Place, Object>>> heard = new HashMap<>();
    private long lost;

    Hearing(LogTail tail, boolean mayLose, boolean mayHaveHoles) {
      this.tail = tail;
      this.mayLose = mayLose;
      this.mayHaveHoles = mayHaveHoles;
    }

    @Override
    public void sample(int ref, long timestampMillis, double value) {
      hear(ref, timestampMillis, Double.doubleToRawLongBits(value));
    }

    @Override
    public void histogram(int ref, long timestampMillis, Histogram histogram) {
      hear(ref, timestampMillis, histogram);
    }

    private void hear(int ref, long time, Object value) {
      Labels labels = tail.labels(ref);
      if (labels == null) {
        if (!mayHaveHoles) {
          throw new AssertionError("series %d has no labels any more".formatted(ref));
        }
        return;
      }
      String series = labels.metricName();
      heard
          .computeIfAbsent(series, absent -> new ArrayList<>())
          .add(Map.entry(new Place(series, time), value));
    }

    /// Nothing is damaged here: what is lost was deleted, and that is told with its number.
    @Override
    public void lost(Damage damage) {
      if (!mayLose || damage.samples() < 0) {
        throw new AssertionError("the tail tells of a loss: " + damage);
      }
      lost += damage.samples();
    }
  }

  private final String name;
  private final long capBytes;
  private final boolean mayLose;
  private final boolean mayHaveHoles;
  private final Map<String, List<Sent>> sent = new HashMap<>();
  private final List<Release> releases = new ArrayList<>();
  private @Nullable Hearing hearing;

  /// @param capBytes how much of the log is kept for the tail
  /// @param mayLose whether some may be lost, if that is told
  /// @param mayHaveHoles whether series may come whose names a power cut has taken
  /// @param waiting what was not acknowledged before, and may still come
  TailLedger(
      String name,
      long capBytes,
      boolean mayLose,
      boolean mayHaveHoles,
      List<Sent> waiting,
      long operations) {
    this.name = name;
    this.capBytes = capBytes;
    this.mayLose = mayLose;
    this.mayHaveHoles = mayHaveHoles;
    waiting.forEach(this::add);
    releases.add(new Release(Map.of(), operations));
  }

  /// The tail of a store, made if there is none; from then on it is there.
  LogTail tailOf(Store store) throws IOException {
    return store.tail(name, capBytes);
  }

  /// The tail was made.
  void begun(long operations) {
    releases.getFirst().acknowledgedAt = operations;
  }

  Sent sent(Place place, Object value, long operations) {
    var one = new Sent(place, value, operations);
    add(one);
    return one;
  }

  private void add(Sent one) {
    sent.computeIfAbsent(one.place.series(), absent -> new ArrayList<>()).add(one);
  }

  void refused(Sent one) {
    sent.getOrDefault(one.place.series(), List.of()).remove(one);
  }

  /// The tail's reader has gone; another begins where it was released.
  void restarted() {
    hearing = null;
  }

  /// Reads a few frames, or all there is, and holds it against what was sent.
  ///
  /// @param durable whether what is acknowledged can be read at once
  void read(LogTail tail, boolean all, boolean durable) throws IOException {
    Hearing now = hearing == null ? new Hearing(tail, mayLose, mayHaveHoles) : hearing;
    hearing = now;
    read(tail, now, all);
    check(tail, now, new Moment(NEVER - 1, all && durable));
  }

  private static void read(LogTail tail, Hearing into, boolean all) throws IOException {
    boolean more = tail.read(READ_BYTES, into);
    while (all && more) {
      more = tail.read(READ_BYTES, into);
    }
  }

  /// Releases what was handed over so far.
  void release(LogTail tail, Play play) throws IOException {
    var before = new HashMap<>(releases.get(noted(tail)).before);
    if (hearing != null && hearing.lost > 0) {
      sent.forEach((series, all) -> before.put(series, acknowledged(all)));
    }
    if (hearing != null) {
      hearing.heard.forEach((series, heard) -> before.put(series, behind(series, heard)));
    }
    var release = new Release(before, play.disk().operations());
    int number = releases.size();
    releases.add(release);
    byte[] note = Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    tail.release(tail.mark(), note);
    release.acknowledgedAt = play.disk().operations();
    hearing = null;
  }

  /// How many there are up to the last that was acknowledged: what was lost had been. One behind
  /// that, whose sync has failed, is in the log and may still come.
  private static int acknowledged(List<Sent> all) {
    int count = all.size();
    while (count > 0 && all.get(count - 1).acknowledgedAt == NEVER) {
      count--;
    }
    return count;
  }

  private int behind(String series, List<Map.Entry<Place, Object>> heard) {
    Place last = heard.getLast().getKey();
    List<Sent> all = sent.getOrDefault(series, List.of());
    int at = all.size();
    while (!all.get(at - 1).place.equals(last)) {
      at--;
    }
    return at;
  }

  /// Number of the release where a tail goes on, by its note.
  private static int noted(LogTail tail) {
    String note = new String(tail.note(), StandardCharsets.US_ASCII);
    return note.isEmpty() ? 0 : Integer.parseInt(note);
  }

  /// See [Ledger#progress]: the same for what a tail has to hand over.
  long progress(long operations) {
    long progress = 0;
    for (Release release : releases) {
      progress += release.beganAt <= operations ? 1 : 0;
      progress += release.acknowledgedAt <= operations ? 1 << 10 : 0;
    }
    return progress;
  }

  /// Holds what the tail of a store that was just started hands over against what it must.
  ///
  /// @param more a sample that was sent after the start before
  /// @return whether that came, or need not: something was told to be lost, or there is no tail yet
  boolean check(Store store, Moment moment, @Nullable Place more) throws IOException {
    if (releases.getFirst().beganAt > moment.operations()) {
      return true;
    }
    LogTail tail = tailOf(store);
    var now = new Hearing(tail, mayLose, mayHaveHoles);
    read(tail, now, true);
    boolean came = more != null && now.heard.remove(more.series()) != null;
    checkRelease(noted(tail), moment);
    check(tail, now, moment);
    return came || now.lost > 0;
  }

  private void checkRelease(int number, Moment moment) {
    if (number >= releases.size() || releases.get(number).beganAt > moment.operations()) {
      throw new AssertionError("the tail goes on at release %d, never made".formatted(number));
    }
    for (int later = number + 1; later < releases.size(); later++) {
      if (releases.get(later).acknowledgedAt <= moment.operations()) {
        throw new AssertionError(
            "the tail goes on at release %d, expected %d or later".formatted(number, later));
      }
    }
  }

  private void check(LogTail tail, Hearing now, Moment moment) {
    Release from = releases.get(noted(tail));
    long missing = 0;
    for (var entry : now.heard.entrySet()) {
      missing += missing(entry.getKey(), entry.getValue(), from, moment);
    }
    for (String series : sent.keySet()) {
      if (!now.heard.containsKey(series)) {
        missing += missing(series, List.of(), from, moment);
      }
    }
    if (missing > now.lost) {
      throw new AssertionError(
          "the tail has left out %d samples that were acknowledged, and told of %d"
              .formatted(missing, now.lost));
    }
  }

  /// How many acknowledged samples of a series were not handed over.
  private long missing(
      String series, List<Map.Entry<Place, Object>> heard, Release from, Moment moment) {
    long missing = 0;
    int next = 0;
    List<Sent> all = sent.getOrDefault(series, List.of());
    for (Sent one : all.subList(from.before.getOrDefault(series, 0), all.size())) {
      if (next < heard.size()
          && one.sentAt <= moment.operations()
          && heard.get(next).equals(Map.entry(one.place, one.value))) {
        next++;
      } else if (moment.acknowledgedCounts() && one.acknowledgedAt <= moment.operations()) {
        missing++;
      }
    }
    if (next < heard.size()) {
      throw new AssertionError(
          "the tail hands over %s twice, out of order or unsent".formatted(heard.get(next)));
    }
    return missing;
  }
}
