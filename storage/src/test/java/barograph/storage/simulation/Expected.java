package barograph.storage.simulation;

import barograph.storage.model.Histogram;
import barograph.storage.model.Labels;
import barograph.storage.testkit.NaiveStore;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What the store must answer: every sample that can be seen, and for those that nobody was told
/// are safe, what they may turn into when the process or the power ends.
final class Expected {
  /// A sample's place.
  record Place(Labels series, long time) {}

  /// Bits of values, or what stands for histograms.
  private final Map<Place, Long> visible = new HashMap<>();

  /// What else may be there after an end; null is nothing.
  private final Map<Place, Set<@Nullable Long>> unsafe = new HashMap<>();

  /// What damage hides from a question about everything; one that does not touch the damage may be
  /// given it.
  private final Map<Place, Long> hidden = new HashMap<>();

  /// All that was ever there.
  private final Map<Place, Set<Long>> history = new HashMap<>();

  @Nullable Long at(Place place) {
    return visible.get(place);
  }

  Map<Place, Long> visible() {
    return visible;
  }

  /// Notes that somebody was told that the sample is safe.
  void stored(Place place, long bits) {
    sent(place, bits);
    visible.put(place, bits);
    unsafe.remove(place);
  }

  /// Notes that a sample is on its way: it may be there whatever the answer will be.
  void sent(Place place, long bits) {
    history.computeIfAbsent(place, absent -> new HashSet<>()).add(bits);
  }

  /// Notes that nobody knows whether a sample is there now, or will be after an end.
  void unsure(Place place, long bits) {
    Set<@Nullable Long> others = unsafe.computeIfAbsent(place, absent -> new HashSet<>());
    others.add(visible.get(place));
    others.add(bits);
  }

  /// Notes that all these are gone for good.
  void deleted(Predicate<Place> which) {
    visible.keySet().removeIf(which);
    unsafe.keySet().removeIf(which);
    hidden.keySet().removeIf(which);
  }

  /// Notes that nobody knows whether these are gone.
  void unsureOfDeletion(Predicate<Place> which) {
    visible.forEach((place, bits) -> {
      if (which.test(place)) {
        Set<@Nullable Long> others = unsafe.computeIfAbsent(place, absent -> new HashSet<>());
        others.add(bits);
        others.add(null);
      }
    });
  }

  /// Notes that these are past retention: block by block they go, or are covered no longer by what
  /// was written over them later and has gone first.
  void pastRetention(Predicate<Place> which) {
    unsureOfDeletion(which);
    history.forEach((place, ever) -> {
      if (unsafe.containsKey(place) && which.test(place)) {
        unsafe.get(place).addAll(ever);
      }
    });
  }

  /// Takes `found` for what is there, if it is the one or other thing that it may be.
  void settle(Map<Place, Long> found) {
    found.forEach((place, bits) -> {
      if (!bits.equals(visible.get(place)) && !mayBe(place, bits)) {
        throw new AssertionError(
            "%s is %x, expected %s".formatted(place, bits, told(visible.get(place))));
      }
    });
    visible.forEach((place, bits) -> {
      if (!found.containsKey(place) && !mayBe(place, null)) {
        throw new AssertionError("%s is absent, expected %x".formatted(place, bits));
      }
    });
    visible.clear();
    visible.putAll(found);
  }

  /// Takes `found` for what is there after damage, if nothing of it is invented.
  ///
  /// @return whether something is missing that nothing else accounts for
  boolean settleDamaged(Map<Place, Long> found) {
    found.forEach((place, bits) -> {
      if (!history.getOrDefault(place, Set.of()).contains(bits)) {
        throw new AssertionError("%s is %x, which was never sent".formatted(place, bits));
      }
    });
    boolean missing = false;
    for (var sample : visible.entrySet()) {
      Place place = sample.getKey();
      Long there = found.get(place);
      if (!sample.getValue().equals(there)) {
        missing |= !mayBe(place, there);
        hidden.put(place, sample.getValue());
      }
    }
    visible.clear();
    visible.putAll(found);
    return missing;
  }

  /// Whether damage hides anything.
  boolean anyHidden() {
    return !hidden.isEmpty();
  }

  private boolean mayBe(Place place, @Nullable Long bits) {
    Set<@Nullable Long> others = unsafe.get(place);
    return (others != null && others.contains(bits))
        || (bits != null && bits.equals(hidden.get(place)));
  }

  private static String told(@Nullable Long bits) {
    return bits == null ? "nothing" : Long.toHexString(bits);
  }

  /// A store that holds what is to be seen.
  NaiveStore naive(KnownHistograms histograms) {
    return naive(visible, histograms);
  }

  /// A store that holds that, and what damage hides.
  NaiveStore undamaged(KnownHistograms histograms) {
    var all = new HashMap<>(hidden);
    all.putAll(visible);
    return naive(all, histograms);
  }

  private static NaiveStore naive(Map<Place, Long> samples, KnownHistograms histograms) {
    var naive = new NaiveStore();
    samples.forEach((place, bits) -> {
      Histogram histogram = histograms.of(bits);
      if (histogram == null) {
        naive.put(place.series, place.time, Double.longBitsToDouble(bits));
      } else {
        naive.put(place.series, place.time, histogram);
      }
    });
    return naive;
  }
}
