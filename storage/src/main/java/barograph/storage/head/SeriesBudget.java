package barograph.storage.head;

/// How many series there may be when another is made: altogether, of one target, and with one value
/// of the label `job`.
///
/// Whoever has a series keeps it, whatever the budget: it is asked for new ones only, and not when
/// a store is read back.
///
/// @param bytes most memory outside of the heap
public record SeriesBudget(int total, int perTarget, int perJob, long bytes) {
  /// In place of a reference: what the new series was refused by.
  public static final int TOTAL_TAKEN = -1;

  public static final int MEMORY_TAKEN = -2;
  public static final int TARGET_TAKEN = -3;
  public static final int JOB_TAKEN = -4;

  /// The label by which series belong to a job.
  public static final String JOB = "job";

  /// Nothing but so many series altogether.
  static SeriesBudget of(int total) {
    return new SeriesBudget(total, Integer.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE);
  }
}
