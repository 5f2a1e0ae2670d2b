package barograph.storage.compact;

import barograph.storage.block.Block;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which series of a merge get their samples at the same times, told from which share timestamp
/// columns in the sources: a block does not keep the names of targets.
///
/// Series that share a column in every source are a group. One that is missing from some sources,
/// as it began later or ended sooner, joins a group that it agrees with where it is. Blocks that
/// lie within the time of a larger one have what came late; they say nothing about targets and are
/// passed over.
final class SharedTimes {
  private static final int ABSENT = -1;

  /// Columns of a series in the telling sources.
  private record Columns(int[] numbers) {
    int present() {
      int present = 0;
      for (int number : numbers) {
        present += number == ABSENT ? 0 : 1;
      }
      return present;
    }

    boolean agrees(Columns other) {
      for (int i = 0; i < numbers.length; i++) {
        if (numbers[i] != ABSENT && numbers[i] != other.numbers[i]) {
          return false;
        }
      }
      return true;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Columns that && Arrays.equals(numbers, that.numbers);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(numbers);
    }
  }

  /// Place of each source among those that tell, or [#ABSENT].
  private final int[] telling;

  private final Map<Columns, Integer> known = new HashMap<>();
  private final List<Columns> inOrder = new ArrayList<>();
  private int[] groupOf = new int[1024];
  private int[] open;
  private int openSeries = -1;

  SharedTimes(List<Block> sources) {
    telling = new int[sources.size()];
    int count = 0;
    for (int i = 0; i < telling.length; i++) {
      Block one = sources.get(i);
      boolean within =
          sources.stream()
              .anyMatch(other ->
                  other.range().overlaps(one.range()) && other.sampleCount() > one.sampleCount());
      telling[i] = within ? ABSENT : count++;
    }
    open = new int[count];
  }

  /// Says that `series`, which come in ascending order, uses this column in this source.
  void add(int series, int source, int column) {
    if (series != openSeries) {
      close();
      openSeries = series;
      Arrays.fill(open, ABSENT);
    }
    if (telling[source] != ABSENT) {
      open[telling[source]] = column;
    }
  }

  private void close() {
    if (openSeries < 0) {
      return;
    }
    if (openSeries >= groupOf.length) {
      groupOf = Arrays.copyOf(groupOf, Math.max(openSeries + 1, 2 * groupOf.length));
    }
    var columns = new Columns(open);
    Integer group = known.get(columns);
    if (group == null) {
      columns = new Columns(open.clone());
      group = inOrder.size();
      known.put(columns, group);
      inOrder.add(columns);
    }
    groupOf[openSeries] = group;
  }

  /// The group of every series.
  int[] groups() {
    close();
    var joined = new int[inOrder.size()];
    var byColumn = new HashMap<Long, Integer>();
    for (int group = 0; group < joined.length; group++) {
      Columns columns = inOrder.get(group);
      int present = columns.present();
      for (int i = 0; i < columns.numbers.length; i++) {
        if (columns.numbers[i] != ABSENT) {
          int candidate = group;
          byColumn.merge(
              (long) i << 32 | columns.numbers[i],
              group,
              (best, _) -> inOrder.get(best).present() >= present ? best : candidate);
        }
      }
    }
    for (int group = 0; group < joined.length; group++) {
      joined[group] = fuller(group, byColumn);
    }
    for (int i = 0; i <= openSeries; i++) {
      groupOf[i] = joined[groupOf[i]];
    }
    return groupOf;
  }

  private int fuller(int group, Map<Long, Integer> byColumn) {
    Columns columns = inOrder.get(group);
    for (int i = 0; i < columns.numbers.length; i++) {
      if (columns.numbers[i] != ABSENT) {
        int best = byColumn.getOrDefault((long) i << 32 | columns.numbers[i], group);
        return columns.agrees(inOrder.get(best)) ? best : group;
      }
    }
    return group;
  }
}
