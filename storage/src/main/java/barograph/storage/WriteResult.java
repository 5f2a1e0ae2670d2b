package barograph.storage;

import java.util.List;

/// What became of a batch: how many samples are stored now, and which were refused.
///
/// @param accepted samples stored, those included that were there already with the same bits
/// @param refusals the others, in the order of the batch
public record WriteResult(int accepted, List<Refusal> refusals) {
  public WriteResult {
    refusals = List.copyOf(refusals);
  }

  /// Why a sample cannot be taken.
  public enum Reason {
    /// The series has a newer sample already, and none are taken out of order.
    OUT_OF_ORDER("out of order sample"),
    /// The series has another value at the same time.
    DUPLICATE_TIMESTAMP("duplicate sample for timestamp"),
    /// The sample is out of order and lies further back than the window, or before what is in
    /// blocks if there is no window.
    TOO_OLD("out of bounds: sample is too old"),
    /// The sample is more than ten minutes ahead of the clock.
    TOO_FAR_AHEAD("out of bounds: sample is too far in the future"),
    /// The reference names no series of this process, or one that the head has dropped.
    UNKNOWN_SERIES("unknown series");

    private final String words;

    Reason(String words) {
      this.words = words;
    }

    /// The reason as a client reads it.
    public String words() {
      return words;
    }
  }

  /// One refused sample, by its place in the batch.
  public record Refusal(int index, Reason reason) {}

  public boolean complete() {
    return refusals.isEmpty();
  }
}
