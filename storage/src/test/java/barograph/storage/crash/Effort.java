package barograph.storage.crash;

/// How much is tried: a slice every day, everything in the long profile.
///
/// @param seeds how often each workload is played, with other values and other chances
/// @param everyOperation of the disk's operations, every so many are a crash point
/// @param subsets seeded subsets and tears of what is not synced, for each crash point
/// @param everyContinuation every so many states go on after recovery: a sample more, a restart
/// @param everyDoubleCrash in every so many states recovery itself is stopped, after each operation
/// @param everyFault of the operations, every so many fail
public record Effort(
    int seeds,
    int everyOperation,
    int subsets,
    int everyContinuation,
    int everyDoubleCrash,
    int everyFault) {
  private static final Effort SLICE = new Effort(1, 1, 1, 10, 120, 25);
  private static final Effort WHOLE = new Effort(3, 1, 60, 4, 40, 1);

  /// What this run has time for: `-Dproof=long` is for everything, `-Dseeds=1` for one seed of it.
  public static Effort ofThisRun() {
    Effort effort = isLong() ? WHOLE : SLICE;
    return effort.withSeeds(Integer.getInteger("seeds", effort.seeds()));
  }

  private Effort withSeeds(int number) {
    return new Effort(
        number, everyOperation, subsets, everyContinuation, everyDoubleCrash, everyFault);
  }

  public static boolean isLong() {
    return System.getProperty("proof", "").equals("long");
  }

  /// Prints a line of the results.
  public static void say(String line) {
    System.out.println("[proof] " + line);
  }
}
