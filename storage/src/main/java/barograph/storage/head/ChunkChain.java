package barograph.storage.head;

import barograph.storage.model.TimeRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The sealed chunks of one series, followed from the newest back: a reader's own, used again and
/// again.
///
/// Each chunk names the one before it. Where one is damaged, that name is taken from it unchecked,
/// and believed only if it leads to an intact chunk of the same series that is older: so damage
/// costs a chunk and not all that lies behind it.
final class ChunkChain {
  /// Damaged chunks in a row after which there is no hope of more.
  private static final int MOST_DAMAGED = 16;

  private final SealedChunks sealed;
  private final List<ChunkHead> chunks = new ArrayList<>();
  private final ChunkHead damaged = new ChunkHead();
  private int size;
  private @Nullable CorruptHeadException damage;

  ChunkChain(SealedChunks sealed) {
    this.sealed = sealed;
  }

  /// Loads the chunks of series `ref` from number `newest` back to time `from`.
  ///
  /// @param until the chunks' samples are all before it
  void follow(int ref, int newest, long from, long until) {
    size = 0;
    damage = null;
    int lost = 0;
    @Nullable CorruptHeadException cause = null;
    long bound = until;
    long limit = Long.MAX_VALUE;
    int number = newest;
    while (number != 0 && lost < MOST_DAMAGED) {
      if (size == chunks.size()) {
        chunks.add(new ChunkHead());
      }
      ChunkHead chunk = chunks.get(size);
      try {
        if (!sealed.read(number, ref, limit, chunk)) {
          break;
        }
        if (chunk.maxTime >= bound && lost > 0) {
          throw new CorruptHeadException(
              "series %d has no older chunk behind a damaged one".formatted(ref));
        }
      } catch (CorruptHeadException e) {
        cause = cause == null ? e : cause;
        lost++;
        number = sealed.look(number, limit, damaged) ? damaged.before : 0;
        continue;
      }
      if (cause != null) {
        note(cause, Math.max(from, chunk.maxTime + 1), bound);
        cause = null;
        lost = 0;
      }
      if (chunk.maxTime < from) {
        return;
      }
      size++;
      bound = chunk.minTime;
      limit = chunk.place;
      if (chunk.minTime <= from) {
        return;
      }
      number = chunk.before;
    }
    if (cause != null) {
      note(cause, from, bound);
    }
  }

  /// What is lost lies from `first` up to `end`; of several damages the last is told.
  private void note(CorruptHeadException cause, long first, long end) {
    if (first < end) {
      damage = new CorruptHeadException(message(cause), new TimeRange(first, end - 1));
    }
  }

  private static String message(CorruptHeadException cause) {
    return String.valueOf(cause.getMessage());
  }

  /// How many were loaded.
  int size() {
    return size;
  }

  /// The newest of them is number 0.
  ChunkHead get(int index) {
    return chunks.get(index);
  }

  /// What could not be loaded; null if everything was.
  @Nullable CorruptHeadException damage() {
    return damage;
  }
}
