package barograph.storage.compact;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Decides which blocks are merged next; pure arithmetic on what it is told of them.
///
/// Time is divided into aligned windows of growing length: two hours as they come from the head,
/// then eight, a day, a week (4, 12 and 84 times whatever the head's blocks span). A window is
/// merged once it is over, so that a sample is rewritten once per length and no more. None is
/// longer than a tenth of the retention, which deletes whole blocks, or than 31 days.
///
/// Blocks may overlap: in a merge the one written later wins, and ids tell which that is. A merged
/// block takes the place of its newest source in that order, so whatever was written between its
/// sources and overlaps one of them has to be merged with them.
public final class Planner {
  private static final long[] LENGTHS = {1, 4, 12, 84};
  private static final Duration LONGEST = Duration.ofDays(31);
  private static final int SHARE_OF_RETENTION = 10;

  /// What came late to a window that is merged already waits until it is worth writing the window
  /// again: a tenth of it, or so many blocks.
  private static final int MANY_LATE = 8;

  private static final int WORTHWHILE_SHARE = 10;

  /// A block is written anew once one in so many of its series has lost something.
  private static final int BURIED_SHARE = 20;

  private final long[] windows;

  /// A planner for blocks that span `blockSpan` when they are fresh, kept for `retention`, which is
  /// [Duration#ZERO] for ever.
  public Planner(Duration blockSpan, Duration retention) {
    long limit = LONGEST.toMillis();
    if (retention.isPositive()) {
      limit = Math.min(limit, retention.toMillis() / SHARE_OF_RETENTION);
    }
    long longest = Math.max(limit, blockSpan.toMillis());
    windows =
        LongStream.of(LENGTHS)
            .map(length -> length * blockSpan.toMillis())
            .filter(length -> length <= longest)
            .toArray();
  }

  /// What is due, the longest and oldest first: where windows of several lengths end at once, or
  /// blocks have been waiting, each sample goes through one merge and not through one after the
  /// other.
  ///
  /// @param settled the head has nothing before it, so windows that end there are over
  public Optional<Merge> next(List<Piece> pieces, long settled) {
    for (int length = windows.length - 1; length > 0; length--) {
      int level = length + 1;
      for (var window : within(pieces, windows[length]).entrySet()) {
        boolean over = window.getKey() + windows[length] <= settled;
        if (over && isDue(window.getValue(), level)) {
          Optional<Merge> merge = closed(window.getValue(), pieces, level);
          if (merge.isPresent()) {
            return merge;
          }
        }
      }
    }
    return pieces.stream()
        .filter(piece -> piece.sound() && (long) piece.buried() * BURIED_SHARE > piece.series())
        .findFirst()
        .map(piece -> new Merge(List.of(piece.id()), piece.level()));
  }

  /// What is to be done so that as few blocks as the levels allow are left, all dense and without
  /// tombstones.
  public Optional<Merge> everything(List<Piece> pieces) {
    long longest = windows[windows.length - 1];
    for (List<Piece> members : within(pieces, longest).values()) {
      if (members.size() > 1 || members.getFirst().level() < 2 || members.getFirst().buried() > 0) {
        Optional<Merge> merge = closed(members, pieces, levelOf(members));
        if (merge.isPresent()) {
          return merge;
        }
      }
    }
    return buried(pieces);
  }

  /// The next block that has tombstones, to be written without them.
  public Optional<Merge> buried(List<Piece> pieces) {
    return pieces.stream()
        .filter(piece -> piece.sound() && piece.buried() > 0)
        .findFirst()
        .map(piece -> new Merge(List.of(piece.id()), piece.level()));
  }

  private static boolean isDue(List<Piece> members, int level) {
    Piece largest = members.stream().max(Comparator.comparingLong(Piece::bytes)).orElseThrow();
    if (members.size() == 1) {
      return largest.level() < 2;
    }
    long others = members.stream().mapToLong(Piece::bytes).sum() - largest.bytes();
    return largest.level() < level
        || members.size() > MANY_LATE
        || others * WORTHWHILE_SHARE >= largest.bytes();
  }

  /// The sound pieces that lie in one window each, by where the window begins.
  private static Map<Long, List<Piece>> within(List<Piece> pieces, long length) {
    var found = new TreeMap<Long, List<Piece>>();
    for (Piece piece : pieces) {
      long start = Math.floorDiv(piece.range().startMillis(), length) * length;
      if (piece.sound() && piece.range().endMillis() < start + length) {
        found.computeIfAbsent(start, absent -> new ArrayList<>()).add(piece);
      }
    }
    return found;
  }

  /// The level of the shortest window that holds all of them; at least 2, which is dense.
  private int levelOf(List<Piece> members) {
    long start = members.stream().mapToLong(p -> p.range().startMillis()).min().orElseThrow();
    long end = members.stream().mapToLong(p -> p.range().endMillis()).max().orElseThrow();
    for (int i = 1; i < windows.length; i++) {
      if (Math.floorDiv(start, windows[i]) == Math.floorDiv(end, windows[i])) {
        return i + 1;
      }
    }
    return Math.max(2, windows.length);
  }

  /// A merge of the members and of all that has to come with them.
  ///
  /// A damaged piece stays where it is among the others, so what is older than it and overlaps it
  /// is left out; nothing if not enough is left then.
  private static Optional<Merge> closed(List<Piece> members, List<Piece> all, int level) {
    var sources = new ArrayList<>(members);
    var left = new ArrayList<Piece>();
    for (Piece more = missing(sources, left, all);
        more != null;
        more = missing(sources, left, all)) {
      if (staysBehind(more, left)) {
        Piece above = more;
        var below = sources.stream().filter(source -> isBelow(source, above)).toList();
        sources.removeAll(below);
        left.addAll(below);
      } else {
        sources.add(more);
      }
    }
    if (sources.isEmpty()
        || (!left.isEmpty() && sources.size() == 1 && sources.getFirst().level() > 1)) {
      return Optional.empty();
    }
    int highest = sources.stream().mapToInt(Piece::level).max().orElseThrow();
    return Optional.of(
        new Merge(sources.stream().map(Piece::id).toList(), Math.max(level, highest)));
  }

  private static boolean staysBehind(Piece piece, List<Piece> left) {
    return !piece.sound() || left.contains(piece);
  }

  private static boolean isBelow(Piece piece, Piece above) {
    return piece.id().compareTo(above.id()) < 0 && piece.range().overlaps(above.range());
  }

  /// A piece written between the first and the last source that overlaps one of them, as the merged
  /// block would stand above it; of those that stay behind, only one that has a source below it.
  private static @Nullable Piece missing(List<Piece> sources, List<Piece> left, List<Piece> all) {
    var first = sources.stream().map(Piece::id).min(Comparator.naturalOrder()).orElse(null);
    var last = sources.stream().map(Piece::id).max(Comparator.naturalOrder()).orElse(null);
    if (first == null || last == null) {
      return null;
    }
    for (Piece piece : all) {
      boolean between = piece.id().compareTo(first) > 0 && piece.id().compareTo(last) < 0;
      if (between
          && !sources.contains(piece)
          && sources.stream()
              .anyMatch(source ->
                  staysBehind(piece, left)
                      ? isBelow(source, piece)
                      : source.range().overlaps(piece.range()))) {
        return piece;
      }
    }
    return null;
  }
}
