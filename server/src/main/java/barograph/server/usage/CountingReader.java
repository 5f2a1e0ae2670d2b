package barograph.server.usage;

import barograph.storage.ForwardingReader;
import barograph.storage.Reader;
import barograph.storage.Selection;
import barograph.storage.SeriesOrder;
import barograph.storage.model.Allowance;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import java.util.List;

/// The store's reader, whose selections are counted; what labels there are is asked uncounted.
public final class CountingReader extends ForwardingReader {
  private final MetricUsage usage;

  public CountingReader(Reader reader, MetricUsage usage) {
    super(reader);
    this.usage = usage;
  }

  @Override
  public Selection select(
      List<Matcher> matchers, TimeRange range, SeriesOrder order, Allowance allowance) {
    usage.asked(matchers);
    return super.select(matchers, range, order, allowance);
  }
}
