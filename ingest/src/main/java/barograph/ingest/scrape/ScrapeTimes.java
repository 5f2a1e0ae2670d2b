package barograph.ingest.scrape;

/// Hears how long things took, one by one, on the thread that did them.
public interface ScrapeTimes {
  /// Hears nothing.
  ScrapeTimes UNHEARD =
      new ScrapeTimes() {
        @Override
        public void visitedAfter(String interval, long nanos) {}

        @Override
        public void synced(String job, long nanos) {}
      };

  /// A target was visited so long after the last time.
  ///
  /// @param interval that is wanted, as a configuration writes it
  void visitedAfter(String interval, long nanos);

  /// The targets of a job were made from what was found.
  void synced(String job, long nanos);
}
