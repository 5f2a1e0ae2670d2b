package barograph.query.window;

import barograph.query.histogram.NativeHistogram;

/// A walk over the floats and histograms of a series in the order of their times.
record MixedWalk(long[] floatTimes, double[] floats, HistogramSamples histograms) {

  /// How many samples differ from the one before them, or are less: a float and a histogram always
  /// do and are.
  int count(boolean resets, int floatFrom, int floatTo, int from, int to) {
    int counted = 0;
    int f = floatFrom;
    int h = from;
    boolean first = true;
    boolean wasFloat = false;
    while (f < floatTo || h < to) {
      boolean isFloat = h == to || (f < floatTo && floatTimes[f] < histograms.times()[h]);
      if (!first) {
        boolean counts =
            isFloat != wasFloat
                || (isFloat
                    ? floatMoved(resets, floats[f - 1], floats[f])
                    : histogramMoved(resets, histograms.get(h - 1), histograms.get(h)));
        counted += counts ? 1 : 0;
      }
      first = false;
      wasFloat = isFloat;
      f += isFloat ? 1 : 0;
      h += isFloat ? 0 : 1;
    }
    return counted;
  }

  private static boolean floatMoved(boolean resets, double before, double now) {
    return resets ? now < before : now != before && !(Double.isNaN(now) && Double.isNaN(before));
  }

  private static boolean histogramMoved(
      boolean resets, NativeHistogram before, NativeHistogram now) {
    return resets ? now.wasResetSince(before) : !now.equals(before);
  }
}
