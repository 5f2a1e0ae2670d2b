package barograph.alerting.template;

/// Letters made large or small one by one, as Go does it: none of them becomes two.
final class Letters {
  private Letters() {}

  static String upper(String text) {
    var all = text.codePoints().map(Character::toUpperCase).toArray();
    return new String(all, 0, all.length);
  }

  static String lower(String text) {
    var all = text.codePoints().map(Character::toLowerCase).toArray();
    return new String(all, 0, all.length);
  }
}
