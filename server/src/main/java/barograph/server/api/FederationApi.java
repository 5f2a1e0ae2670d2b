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
/// series that they select, as a page of the text format, or as messages for those who prefer them.
///
/// Native histograms, which text cannot say, are left out of it; those with bounds of their own,
/// which neither can, are left out of both.
public final class FederationApi {
  private static final System.Logger LOG = System.getLogger(FederationApi.class.getName());
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
    String accept = request.header("accept");
    var names = EscapedNames.accepted(accept);
    boolean messages = EscapedNames.prefersProtobuf(accept);
    return engine.within(
        "federation of " + String.join(", ", texts),
        QueryLimits.DEFAULT,
        memory -> Endpoint.kept(engine, answer(selectors, names, messages, memory)));
  }

  private Response answer(
      List<List<Matcher>> selectors, EscapedNames names, boolean messages, Allowance memory) {
    long now = clock.millis();
    var range = new TimeRange(now - engine.options().lookback().toMillis() + 1, now);
    // A scraper puts its target's instance on what has none, which an empty one keeps it from.
    var attached = externalLabels.get().toMap();
    attached.putIfAbsent(INSTANCE, "");
    try (var newest = NewestSamples.select(reader, selectors, range, memory, messages)) {
      if (messages) {
        var page = new FamilyMessages(names, attached, memory);
        newest.forEachByName(page);
        newest
            .warnings()
            .forEach(warning -> LOG.log(System.Logger.Level.WARNING, "federation: {0}", warning));
        return Response.of(200, FamilyMessages.mediaType(names), page.toBody());
      }
      var text = new ExpositionText(names, attached, memory);
      newest.forEachByName(text::sample);
      newest.warnings().forEach(text::comment);
      return Response.of(200, ExpositionText.mediaType(names), text.toBody());
    }
  }
}
