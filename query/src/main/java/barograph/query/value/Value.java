package barograph.query.value;

import java.util.List;

/// The answer of a PromQL expression: one of its four types.
public sealed interface Value {

  /// A single number at a time.
  record Scalar(long timeMillis, double value) implements Value {}

  /// A string literal at a time.
  record Text(long timeMillis, String text) implements Value {}

  /// One point per series, all at the query's time, in the order in which evaluation met them.
  record Vector(List<Sample> samples) implements Value {
    public Vector {
      samples = List.copyOf(samples);
    }
  }

  /// Many points per series; series in label order.
  record Matrix(List<Series> series) implements Value {
    public Matrix {
      series = List.copyOf(series);
    }
  }

  /// The type as the HTTP API names it.
  default String typeName() {
    return switch (this) {
      case Scalar _ -> "scalar";
      case Text _ -> "string";
      case Vector _ -> "vector";
      case Matrix _ -> "matrix";
    };
  }
}
