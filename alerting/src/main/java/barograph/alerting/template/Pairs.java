package barograph.alerting.template;

import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Labels in an order: a list of structs with a `Name` and a `Value`.
final class Pairs extends AbstractList<Struct> implements GoValue {
  private final List<Struct> pairs;

  Pairs(List<Struct> pairs) {
    this.pairs = List.copyOf(pairs);
  }

  static Struct pair(String name, String value) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("Name", name);
    fields.put("Value", value);
    return new Struct("template.Pair", fields);
  }

  @Override
  public Struct get(int index) {
    return pairs.get(index);
  }

  @Override
  public int size() {
    return pairs.size();
  }

  Strings names() {
    return all("Name");
  }

  Strings values() {
    return all("Value");
  }

  private Strings all(String field) {
    return new Strings(
        pairs.stream().map(pair -> GoFormat.plain(pair.fields().get(field))).toList());
  }

  @Override
  public @Nullable Object call(String method, Arguments arguments) {
    return switch (method) {
      case "Names" -> names();
      case "Values" -> values();
      default -> null;
    };
  }

  @Override
  public String printed() {
    return pairs.stream()
        .map(pair -> pair.fields().get("Name") + "=" + pair.fields().get("Value"))
        .collect(Collectors.joining(", "));
  }

  @Override
  public String type() {
    return "template.Pairs";
  }
}
