package barograph.alerting.state;

import barograph.alerting.alert.Alert;
import barograph.alerting.silence.Silence;
import barograph.alerting.state.Fact.AlertKnown;
import barograph.alerting.state.Fact.AlertRenewed;
import barograph.alerting.state.Fact.GroupDue;
import barograph.alerting.state.Fact.Place;
import barograph.alerting.state.Fact.SilenceKept;
import barograph.alerting.state.Fact.Told;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known after all records of an earlier life have been read: of each thing the last fact.
public final class Recollection {
  private static final System.Logger LOG = System.getLogger(Recollection.class.getName());

  private final Map<Long, AlertKnown> alerts = new LinkedHashMap<>();
  private final Map<Place, Told> told = new LinkedHashMap<>();
  private final Map<Group, GroupDue> due = new HashMap<>();
  private final Map<String, Silence> silences = new LinkedHashMap<>();
  private Instant lastSign = Instant.EPOCH;

  private record Group(String key, String receiver) {}

  /// Takes the next record; one that cannot be read is told in the log and passed over.
  public void take(byte[] record) {
    try {
      var entry = FactCodec.decode(record);
      if (entry.at().isAfter(lastSign)) {
        lastSign = entry.at();
      }
      entry.facts().forEach(this::take);
    } catch (IllegalArgumentException e) {
      LOG.log(Level.ERROR, "a record of alerting's state is passed over", e);
    }
  }

  private void take(Fact fact) {
    switch (fact) {
      case AlertKnown known -> alerts.put(known.alert().id(), known);
      case AlertRenewed(long id, var endsAt, var updatedAt) ->
          alerts.computeIfPresent(id, (_, known) -> renewed(known, endsAt, updatedAt));
      case Told entry -> told.put(entry.place(), entry);
      case GroupDue entry -> due.put(new Group(entry.groupKey(), entry.receiver()), entry);
      case SilenceKept(var silence) -> silences.put(silence.id(), silence);
    }
  }

  private static AlertKnown renewed(AlertKnown known, Instant endsAt, Instant updatedAt) {
    var alert = known.alert();
    return new AlertKnown(
        new Alert(
            alert.labels(), alert.annotations(), alert.startsAt(), endsAt, alert.generatorUrl()),
        updatedAt,
        known.endAssumed(),
        known.ownRule());
  }

  public Collection<AlertKnown> alerts() {
    return alerts.values();
  }

  public Collection<Told> told() {
    return told.values();
  }

  public Collection<Silence> silences() {
    return silences.values();
  }

  /// When that group was to be looked at next, or null if nothing is known of it.
  public @Nullable GroupDue due(String groupKey, String receiver) {
    return due.get(new Group(groupKey, receiver));
  }

  /// When the process last gave a sign of life; the epoch if there was none.
  public Instant lastSign() {
    return lastSign;
  }
}
