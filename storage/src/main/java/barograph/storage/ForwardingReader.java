package barograph.storage;

import barograph.storage.model.Allowance;
import barograph.storage.model.Matcher;
import barograph.storage.model.MetricMetadata;
import barograph.storage.model.TimeRange;
import java.util.List;
import java.util.Map;

/// A reader that answers what another one answers: the base of those that do one thing otherwise.
public abstract class ForwardingReader implements Reader {
  private final Reader reader;

  protected ForwardingReader(Reader reader) {
    this.reader = reader;
  }

  @Override
  public Selection select(
      List<Matcher> matchers, TimeRange range, SeriesOrder order, Allowance allowance) {
    return reader.select(matchers, range, order, allowance);
  }

  @Override
  public SeriesOrder order(TimeRange range) {
    return reader.order(range);
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
  public boolean asksOthers() {
    return reader.asksOthers();
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
