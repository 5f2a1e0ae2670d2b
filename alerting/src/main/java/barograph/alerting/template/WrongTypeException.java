package barograph.alerting.template;

/// An argument is of another type than its function wants.
final class WrongTypeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  WrongTypeException(String expected, String found) {
    super("wrong type for value; expected %s; got %s".formatted(expected, found));
  }
}
