package barograph.ingest.pushed;

import barograph.ingest.hash.KeyedHash;
import barograph.ingest.wire.MalformedMessageException;
import barograph.storage.Appender;
import barograph.storage.SeriesLimitException;
import barograph.storage.SeriesLookup;
import barograph.storage.model.Labels;
import java.util.BitSet;

/// What the store calls the series of a request.
///
/// Those whose bytes were pushed before are known by their hash. The labels of the others are read,
/// and the store is asked for all of them together. Reused; one thread at a time.
final class RequestSeries {
  /// In place of what the cache keeps of a series: a limit has refused it.
  private static final long BEYOND_LIMIT = -2;

  private final PushedSeries request;
  private final Appender appender;
  private final SeriesCache cache;
  private final SeriesCache.Cursor cursor = new SeriesCache.Cursor();
  private final KeyedHash hash;
  private final WireLabels wireLabels;

  /// For each series, the two halves of its labels' hash, and what the cache is to keep of it: its
  /// target's hash above its reference; negative if it is refused.
  private long[] hashes = new long[512];

  private long[] known = new long[256];

  /// Series that the store is to be asked for, and which of the request they are, `~` that where
  /// they have more than labels.
  private final SeriesLookup lookup = new SeriesLookup();

  private int[] asked = new int[256];

  /// Series that the store has named since the cache was told.
  private int[] fresh = new int[256];

  private int named;
  private String firstRefusal = "";

  // Of the series whose labels were read last.
  private String job = "";
  private String instance = "";
  private String target = " ";

  RequestSeries(
      PushedSeries request,
      Appender appender,
      PushLimits limits,
      SeriesCache cache,
      KeyedHash hash) {
    this.request = request;
    this.appender = appender;
    this.cache = cache;
    this.hash = hash;
    this.wireLabels = new WireLabels(limits);
  }

  /// What the decoder left unread for labels has other fields in it, or is something else.
  private static final class NotLabelsAloneException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /// Finds or makes the series of the request that have samples or exemplars.
  ///
  /// @return false if the decoder left something unread that is not labels alone
  boolean name() throws MalformedMessageException {
    if (known.length < request.series) {
      int room = request.labelsFrom.length;
      hashes = new long[2 * room];
      known = new long[room];
      asked = new int[room];
      fresh = new int[room];
    }
    firstRefusal = "";
    findKnown();
    try {
      nameUnknown();
      return true;
    } catch (NotLabelsAloneException _) {
      return false;
    }
  }

  /// Whether a series has a reference: it was not refused, and there is something to be kept of it.
  boolean isNamed(int series) {
    return known[series] >= 0;
  }

  int ref(int series) {
    return (int) known[series];
  }

  int targetHash(int series) {
    return (int) (known[series] >>> 32);
  }

  /// Whether a limit of the store has refused a series.
  boolean isBeyondLimit(int series) {
    return known[series] == BEYOND_LIMIT;
  }

  /// Why the first series was refused that was; empty if none was.
  String firstRefusal() {
    return firstRefusal;
  }

  private void findKnown() {
    byte[] bytes = request.labelBytes();
    for (int i = 0; i < request.series; i++) {
      hash.both(bytes, request.labelsFrom[i], request.labelsTo[i], hashes, 2 * i);
    }
    cache.get(cursor, hashes, request.series, known);
  }

  private void nameUnknown() throws MalformedMessageException, NotLabelsAloneException {
    wireLabels.begin();
    lookup.clear();
    named = 0;
    for (int i = 0; i < request.series; i++) {
      if (request.firstSample[i + 1] == request.firstSample[i] && !request.exemplified.get(i)) {
        known[i] = SeriesCache.MISSING;
      } else if (known[i] == SeriesCache.MISSING) {
        ask(i);
      }
    }
    askStore();
    remember();
  }

  /// Asks the store once more for `forgotten` series, which it has named before.
  void nameAgain(BitSet forgotten) {
    firstRefusal = "";
    try {
      for (int i = forgotten.nextSetBit(0); i >= 0; i = forgotten.nextSetBit(i + 1)) {
        known[i] = SeriesCache.MISSING;
        ask(i);
      }
    } catch (MalformedMessageException | NotLabelsAloneException e) {
      throw new AssertionError("labels that were read before cannot be read again", e);
    }
    askStore();
    remember();
  }

  /// Puts a series among those that the store is asked for next, unless its labels are refused.
  private void ask(int series) throws MalformedMessageException, NotLabelsAloneException {
    try {
      Labels labels = read(series);
      String itsJob = labels.get("job");
      String itsInstance = labels.get("instance");
      if (!itsJob.equals(job) || !itsInstance.equals(instance)) {
        job = itsJob;
        instance = itsInstance;
        target = itsJob + " " + itsInstance;
      }
      asked[lookup.size()] = wireLabels.mixed() ? ~series : series;
      lookup.add(labels, target);
    } catch (WireLabels.RefusedException e) {
      // What stands before it goes first, as the first refusal is the one that is told.
      askStore();
      refuse(e);
    }
  }

  private void askStore() {
    if (lookup.size() == 0) {
      return;
    }
    appender.seriesFor(lookup);
    for (int i = 0; i < lookup.size(); i++) {
      boolean mixed = asked[i] < 0;
      int series = mixed ? ~asked[i] : asked[i];
      SeriesLimitException refusal = lookup.refusal(i);
      if (refusal != null) {
        known[series] = BEYOND_LIMIT;
        refuse(refusal);
        continue;
      }
      long targetHash = lookup.target(i).hashCode() & 0x7fffffffL;
      known[series] = targetHash << 32 | (lookup.ref(i) & 0xffffffffL);
      if (!mixed) {
        fresh[named++] = series;
      }
    }
    lookup.clear();
  }

  private void refuse(Exception why) {
    if (firstRefusal.isEmpty()) {
      firstRefusal = String.valueOf(why.getMessage());
    }
  }

  /// Gives the cache what the store has named.
  private void remember() {
    if (named > 0) {
      cache.put(hashes, known, fresh, named);
      named = 0;
    }
  }

  /// The labels of a series; where the decoder has left some unread, only if they are labels alone.
  private Labels read(int series)
      throws MalformedMessageException, WireLabels.RefusedException, NotLabelsAloneException {
    byte[] bytes = request.labelBytes();
    int from = request.labelsFrom[series];
    int to = request.labelsTo[series];
    if (!request.unread) {
      return wireLabels.read(bytes, from, to);
    }
    try {
      Labels labels = wireLabels.read(bytes, from, to);
      if (wireLabels.mixed()) {
        throw new NotLabelsAloneException();
      }
      return labels;
    } catch (MalformedMessageException _) {
      throw new NotLabelsAloneException();
    } catch (WireLabels.RefusedException e) {
      if (!WireLabels.standAlone(bytes, from, to)) {
        throw new NotLabelsAloneException();
      }
      throw e;
    }
  }

  /// A series for a message.
  String text(int series) {
    try {
      return wireLabels
          .read(request.labelBytes(), request.labelsFrom[series], request.labelsTo[series])
          .toString();
    } catch (MalformedMessageException | WireLabels.RefusedException e) {
      return "unreadable";
    }
  }
}
