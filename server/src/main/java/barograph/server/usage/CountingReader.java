package barograph.server.usage;

import barograph.storage.ExemplarsOfSeries;
import barograph.storage.LabelTexts;
import barograph.storage.Reader;
import barograph.storage.Selection;
import barograph.storage.model.Allowance;
import barograph.storage.model.Matcher;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import java.util.List;
import java.util.Map;

/// The store's reader, whose selections are counted; what labels there are is asked uncounted.
public final class CountingReader implements Reader {
  private final Reader reader;
  private final MetricUsage usage;

  public CountingReader(Reader reader, MetricUsage usage) {
    this.reader = reader;
    this.usage = usage;
  }

  @Override
  public Selection select(List<Matcher> matchers, TimeRange range, Allowance allowance) {
    usage.asked(matchers);
    return reader.select(matchers, range, allowance);
  }

  @Override
  public LabelTexts labelNames(List<Matcher> matchers, TimeRange range, Allowance allowance) {
    return reader.labelNames(matchers, range, allowance);
  }

  @Override
  public LabelTexts labelValues(
      String name, List<Matcher> matchers, TimeRange range, Allowance allowance) {
    return reader.labelValues(name, matchers, range, allowance);
  }

  @Override
  public List<ExemplarsOfSeries> exemplars(List<List<Matcher>> selectors, TimeRange range) {
    return reader.exemplars(selectors, range);
  }

  @Override
  public Map<String, MetricMetadata> metadata() {
    return reader.metadata();
  }

  @Override
  public long moment() {
    return reader.moment();
  }

  @Override
  public long firstChange(TimeRange range, long moment) {
    return reader.firstChange(range, moment);
  }
}
