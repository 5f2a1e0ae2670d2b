package barograph.benchmarks;

import java.util.Random;

/// What the values of a series look like.
public enum Shape {
  /// A limit, a version, a target that is up.
  CONSTANT,
  /// Requests served: whole numbers that grow unevenly.
  COUNTER,
  /// A temperature: two decimals, walking.
  GAUGE,
  /// Measurements that use every bit.
  NOISE;

  /// The same values for the same seed.
  public double[] values(int count, long seed) {
    var random = new Random(seed);
    var values = new double[count];
    long whole = 1_000_000L + random.nextInt(1_000_000);
    for (int i = 0; i < count; i++) {
      values[i] =
          switch (this) {
            case CONSTANT -> whole;
            case COUNTER -> {
              whole += 40 + random.nextInt(30);
              yield whole;
            }
            case GAUGE -> {
              whole += random.nextInt(201) - 100;
              yield whole / 100.0;
            }
            case NOISE -> random.nextGaussian();
          };
    }
    return values;
  }
}
