package barograph.alerting.interval;

import java.time.Instant;
import java.util.List;

/// A named set of windows of the calendar, which a route refers to: any of them will do.
public record TimeInterval(String name, List<TimeWindow> windows) {
  public TimeInterval {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("missing name in time interval");
    }
    windows = List.copyOf(windows);
  }

  public boolean contains(Instant moment) {
    return windows.stream().anyMatch(window -> window.contains(moment));
  }
}
