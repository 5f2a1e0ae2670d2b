package barograph.storage.crash;

import barograph.storage.StoreOptions;
import java.io.IOException;
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

  @Override
  public String toString() {
    return name;
  }
}
