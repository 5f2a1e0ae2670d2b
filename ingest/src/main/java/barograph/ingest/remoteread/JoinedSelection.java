package barograph.ingest.remoteread;

import barograph.storage.Selection;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.SampleColumns;
import barograph.storage.model.Thinning;
import barograph.storage.model.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// An own selection and series of others as one: in label order, each series once. Of two samples
/// of the same time the own one counts, and then that of the server that was asked first.
final class JoinedSelection implements Selection {
  private static final int BYTES_EACH = 64;

  private final Selection own;
  private final List<Member> members;
  private final List<String> warnings;

  /// A series of the own selection, of others, or both.
  ///
  /// @param place in the own selection; -1 if it is not there
  private record Member(int place, List<ReadSeries> others) {}

  private JoinedSelection(Selection own, List<Member> members, List<String> warnings) {
    this.own = own;
    this.members = members;
    this.warnings = warnings;
  }

  /// Joins them; the result closes the own selection.
  ///
  /// @param found in any order
  /// @param memory asked for what is held
  static Selection of(
      Selection own, List<ReadSeries> found, List<String> warnings, Allowance memory) {
    if (found.isEmpty() && warnings.isEmpty()) {
      return own;
    }
    memory.take((long) BYTES_EACH * (own.size() + found.size()));
    var theirs = new ArrayList<>(found);
    theirs.sort(Comparator.comparing(ReadSeries::labels));
    var members = new ArrayList<Member>(own.size());
    int place = 0;
    for (int from = 0; from < theirs.size(); ) {
      var labels = theirs.get(from).labels();
      int to = from + 1;
      while (to < theirs.size() && theirs.get(to).labels().equals(labels)) {
        to++;
      }
      int order = -1;
      while (place < own.size() && (order = own.labels(place).compareTo(labels)) < 0) {
        members.add(new Member(place++, List.of()));
      }
      boolean both = place < own.size() && order == 0;
      members.add(new Member(both ? place++ : -1, List.copyOf(theirs.subList(from, to))));
      from = to;
    }
    while (place < own.size()) {
      members.add(new Member(place++, List.of()));
    }
    var all = new ArrayList<>(own.warnings());
    all.addAll(warnings);
    return new JoinedSelection(own, members, List.copyOf(all));
  }

  @Override
  public int size() {
    return members.size();
  }

  @Override
  public Labels labels(int series) {
    var member = members.get(series);
    return member.place < 0 ? member.others.getFirst().labels() : own.labels(member.place);
  }

  @Override
  public Labels labels(int series, Set<String> only) {
    var member = members.get(series);
    return member.place < 0
        ? member.others.getFirst().labels().filter(only::contains)
        : own.labels(member.place, only);
  }

  @Override
  public long place(int series) {
    int place = members.get(series).place;
    return place < 0 ? 0 : own.place(place);
  }

  @Override
  public void read(int series, TimeRange range, SampleColumns into) {
    var member = members.get(series);
    if (member.place < 0) {
      into.clear();
    } else {
      own.read(member.place, range, into);
    }
    for (var other : member.others) {
      other.addTo(into, range);
    }
  }

  @Override
  public long readThinned(int series, TimeRange range, Thinning thinning, SampleColumns into) {
    var member = members.get(series);
    if (member.others.isEmpty()) {
      return own.readThinned(member.place, range, thinning, into);
    }
    read(series, range, into);
    return 0;
  }

  /// Others are asked once.
  @Override
  public boolean isDear() {
    return true;
  }

  @Override
  public List<String> warnings() {
    return warnings;
  }

  @Override
  public void close() {
    own.close();
  }
}
