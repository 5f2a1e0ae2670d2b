package barograph.alerting.receiver;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The texts of a place by the names they have in the configuration: templates.
///
/// A place has a dozen of them that are all alike, so they are kept by name and not in fields.
public record Texts(Map<String, String> byName) {
  public Texts {
    byName = Map.copyOf(byName);
  }

  /// Names and defaults in turn.
  static Texts of(String... namesAndDefaults) {
    var texts = new LinkedHashMap<String, String>();
    for (int i = 0; i < namesAndDefaults.length; i += 2) {
      texts.put(namesAndDefaults[i], namesAndDefaults[i + 1]);
    }
    return new Texts(texts);
  }

  /// Texts whose default is the template `<prefix>.<name without underscores>`.
  static Texts templates(String prefix, String... names) {
    var texts = new LinkedHashMap<String, String>();
    for (var name : names) {
      texts.put(name, "{{ template \"%s.%s\" . }}".formatted(prefix, name.replace("_", "")));
    }
    return new Texts(texts);
  }

  /// Those of both; where both have one, the other's.
  public Texts and(Texts other) {
    var all = new LinkedHashMap<>(byName);
    all.putAll(other.byName);
    return new Texts(all);
  }

  /// The same with `text` under `name`.
  public Texts with(String name, String text) {
    return and(of(name, text));
  }

  public Set<String> names() {
    return byName.keySet();
  }

  /// The text that the place has under `name`.
  public String get(String name) {
    var text = byName.get(name);
    if (text == null) {
      throw new IllegalArgumentException("a text \"%s\" is not among %s".formatted(name, names()));
    }
    return text;
  }
}
