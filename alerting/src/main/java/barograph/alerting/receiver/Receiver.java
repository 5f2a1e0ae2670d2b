package barograph.alerting.receiver;

import java.util.List;

/// A name that routes refer to, with all the places that hear what is sent there.
public record Receiver(String name, List<IntegrationConfig> places) {
  public Receiver {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("missing name in receiver");
    }
    places = List.copyOf(places);
  }

  /// All its places, ready to be told.
  public List<Integration> connect(Means means) {
    return places.stream().map(place -> place.connect(means)).toList();
  }
}
