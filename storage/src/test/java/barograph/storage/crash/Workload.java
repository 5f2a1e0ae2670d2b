package barograph.storage.crash;

import barograph.storage.StoreOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;

/// A small thing that a store does, with a name.
///
/// @param options what is not as [Play#options] has it
record Workload(String name, UnaryOperator<StoreOptions> options, Steps steps) {
  /// What happens, step by step.
  @FunctionalInterface
  interface Steps {
    void run(Play play) throws IOException;
  }

  static Workload of(String name, Steps steps) {
    return new Workload(name, options -> options, steps);
  }

  static Workload of(String name, UnaryOperator<StoreOptions> options, Steps steps) {
    return new Workload(name, options, steps);
  }

  /// A checkpoint whenever maintenance runs.
  static StoreOptions checkpointing(StoreOptions options) {
    return options.withCheckpoints(Duration.ofHours(1), 1);
  }

  @Override
  public String toString() {
    return name;
  }
}
