package barograph.storage.head;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The targets that series belong to, by number and by name.
///
/// Numbers count up and are not given twice before the next start, as the log goes by them. Changed
/// under the registry's lock; a number is looked up without it.
final class Targets {
  private static final int PAGE_SHIFT = 10;
  private static final int PAGE = 1 << PAGE_SHIFT;

  /// Numbers are smaller: those in a file that are not are damaged.
  static final int MOST = 1 << 30;

  private static final int NONE = -1;

  private final Map<String, Integer> numbers = new HashMap<>();
  private final TargetTimes nobody = new TargetTimes("");

  /// A page on which there is no target, in place of all such pages.
  private final TargetTimes[] emptyPage = new TargetTimes[PAGE];

  private volatile TargetTimes[][] pages = {emptyPage};
  private volatile int count;

  Targets() {
    Arrays.fill(emptyPage, nobody);
  }

  /// The target of that number, or one without a name if there is none.
  TargetTimes get(int number) {
    return pages[number >>> PAGE_SHIFT][number & (PAGE - 1)];
  }

  /// Whether there is a target of that number.
  boolean isKnown(int number) {
    return get(number) != nobody;
  }

  /// The number of the target called `name`, or -1.
  int find(String name) {
    return numbers.getOrDefault(name, NONE);
  }

  /// Makes a target, and gives its number.
  int add(String name) {
    int number = count;
    put(number, name);
    return number;
  }

  /// Takes over a target whose number is settled already; a name that is known stays.
  void restore(int number, String name) {
    if (number >= count || get(number).name().isEmpty()) {
      put(number, name);
    }
  }

  private void put(int number, String name) {
    TargetTimes[][] now = pages;
    int page = number >>> PAGE_SHIFT;
    if (page >= now.length) {
      int known = now.length;
      now = Arrays.copyOf(now, Math.max(page + 1, known * 2));
      Arrays.fill(now, known, now.length, emptyPage);
    }
    if (isEmpty(now[page])) {
      now[page] = emptyPage.clone();
    }
    int place = number & (PAGE - 1);
    if (now[page][place] == nobody) {
      now[page][place] = new TargetTimes(name);
    } else {
      now[page][place].rename(name);
    }
    pages = now;
    count = Math.max(count, number + 1);
    numbers.put(name, number);
  }

  /// Forgets those that have neither series nor rows any more.
  void forgetEmpty() {
    TargetTimes[][] now = pages;
    for (int number = next(0); number >= 0; number = next(number + 1)) {
      TargetTimes times = get(number);
      if (times.series == 0 && times.end() == times.base()) {
        numbers.remove(times.name(), number);
        now[number >>> PAGE_SHIFT][number & (PAGE - 1)] = nobody;
      }
    }
    pages = now;
  }

  /// The number behind the last one given.
  int end() {
    return count;
  }

  /// The first number from `from` on of a target that there is, or -1: pages without any are passed
  /// over, as a damaged file may name numbers of any height.
  int next(int from) {
    TargetTimes[][] now = pages;
    for (int page = from >>> PAGE_SHIFT; page < now.length; page++) {
      TargetTimes[] targets = now[page];
      if (isEmpty(targets)) {
        continue;
      }
      int first = page == from >>> PAGE_SHIFT ? from & (PAGE - 1) : 0;
      for (int place = first; place < PAGE; place++) {
        if (targets[place] != nobody) {
          return page << PAGE_SHIFT | place;
        }
      }
    }
    return NONE;
  }

  /// Whether a page is the one that stands for all those without a target.
  @SuppressWarnings("ReferenceEquality")
  private boolean isEmpty(TargetTimes[] page) {
    return page == emptyPage;
  }

  /// Targets that there are.
  int known() {
    int known = 0;
    for (int number = next(0); number >= 0; number = next(number + 1)) {
      known++;
    }
    return known;
  }

  /// Time of the newest row of all; [Long#MIN_VALUE] if there is none.
  long newestRow() {
    long newest = Long.MIN_VALUE;
    for (int number = next(0); number >= 0; number = next(number + 1)) {
      TargetTimes times = get(number);
      if (times.end() > times.base()) {
        newest = Math.max(newest, times.column().time(times.end() - 1));
      }
    }
    return newest;
  }
}
