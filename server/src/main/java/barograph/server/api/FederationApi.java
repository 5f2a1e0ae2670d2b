package barograph.server.api;

import barograph.query.QueryEngine;
import barograph.query.QueryLimits;
import barograph.server.http.Lanes.Lane;
import barograph.server.http.Request;
import barograph.server.http.Response;
import barograph.server.http.Router;
import barograph.storage.Reader;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// What other servers of this kind scrape from this one: `/federate`, the present sample of each
/// series that they select, as a page of the text format.
///
/// Native histograms, which text cannot say, are left out.
public final class FederationApi {
  private static final String INSTANCE = "instance";

  private final QueryEngine engine;
  private final Reader reader;
  private final InstantSource clock;
  private final Supplier<Labels> externalLabels;

  /// @param engine whose limits and lookback hold for these answers too
  /// @param externalLabels those of the present configuration, put on series that lack them
  public FederationApi(
      QueryEngine engine, Reader reader, InstantSource clock, Supplier<Labels> externalLabels) {
    this.engine = engine;
    this.reader = reader;
    this.clock = clock;
    this.externalLabels = externalLabels;
  }

  public void addTo(Router router) {
    router.add("GET", "/federate", Lane.QUERY, Endpoint.inText(this::federate));
  }

  private Response federate(Request request) {
    var texts = request.query().all("match[]");
    var selectors = new ArrayList<List<Matcher>>();
    for (String text : texts) {
      var matchers = QueryEngine.matchers(text);
      // Without a condition nothing is selected here, although a reader takes it for everything.
      if (!matchers.isEmpty()) {
        selectors.add(matchers);
      }
    }
    var names = EscapedNames.accepted(request.header("accept"));
    return engine.within(
        "federation of " + String.join(", ", texts),
        QueryLimits.DEFAULT,
        memory -> Endpoint.kept(engine, page(selectors, names, memory)));
  }

  private Response page(List<List<Matcher>> selectors, EscapedNames names, Allowance memory) {
    long now = clock.millis();
    long lookback = engine.options().lookback().toMillis();
    // A scraper puts its target's instance on what has none, which an empty one keeps it from.
    var attached = externalLabels.get().toMap();
    attached.putIfAbsent(INSTANCE, "");
    var text = new ExpositionText(names, attached, memory);
    try (var newest =
        NewestSamples.select(reader, selectors, new TimeRange(now - lookback + 1, now), memory)) {
      newest.forEachByName(text::sample);
      newest.warnings().forEach(text::comment);
    }
    return Response.of(200, ExpositionText.mediaType(names), text.toBody());
  }
}
