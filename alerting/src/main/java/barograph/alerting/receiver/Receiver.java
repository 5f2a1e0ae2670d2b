package barograph.alerting.receiver;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A name that routes refer to, with all the places that hear what is sent there.
///
/// @param labels by which people find it in the API; its name is always one of them
public record Receiver(String name, Map<String, String> labels, List<IntegrationConfig> places) {
  public Receiver {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("missing name in receiver");
    }
    var all = new TreeMap<>(labels);
    all.put("name", name);
    labels = Collections.unmodifiableMap(all);
    places = List.copyOf(places);
  }

  /// A receiver without labels of its own.
  public Receiver(String name, List<IntegrationConfig> places) {
    this(name, Map.of(), places);
  }

  /// All its places, ready to be told.
  public List<Integration> connect(Means means) {
    return places.stream().map(place -> place.connect(means)).toList();
  }
}
