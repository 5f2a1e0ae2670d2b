package barograph.alerting.template;

import org.jspecify.annotations.Nullable;

/// A value that has methods of its own and a way of its own to print itself.
interface GoValue {

  /// What the method gives, or null if there is none of that name with such arguments.
  @Nullable Object call(String method, Arguments arguments);

  /// As `print` writes it.
  String printed();

  /// The type as Go names it.
  String type();
}
