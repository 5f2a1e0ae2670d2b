package barograph.ingest.remoteread;

import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.outbound.ClientSettings;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Another server whose samples count among ours, as configured.
///
/// @param name what warnings call it; empty to go by its URL
/// @param access where it is and how it is asked
/// @param required labels that a question must ask for, each with this value, to be passed on
/// @param recent whether it is asked for times of which there is everything here, too
/// @param filtersExternalLabels whether it is asked only for series with our external labels, which
///   are taken off again
public record RemoteSource(
    String name, Access access, Labels required, boolean recent, boolean filtersExternalLabels) {

  /// Where a server is and how it is asked.
  ///
  /// @param headers sent with each request
  /// @param timeout of one request
  /// @param mostFrameBytes of an answer that comes in several
  /// @param client who asks, and by which way
  public record Access(
      URI url,
      Map<String, String> headers,
      Duration timeout,
      long mostFrameBytes,
      ClientSettings client) {
    public Access {
      headers = Map.copyOf(headers);
      ClientSettings.requireUnreserved(headers.keySet());
      if (url.getHost() == null) {
        throw new IllegalArgumentException(
            "url of remote read is \"%s\", expected http:// or https:// and a host".formatted(url));
      }
      if (!timeout.isPositive()) {
        throw new IllegalArgumentException("remote_timeout is 0s, expected more");
      }
    }
  }

  /// The URL as it may be shown: without a password.
  public String shownUrl() {
    URI url = access.url;
    return url.getRawUserInfo() == null
        ? url.toString()
        : url.toString().replace(url.getRawUserInfo() + "@", "");
  }

  /// What warnings and figures call it.
  String shownName() {
    return name.isEmpty() ? shownUrl() : name;
  }

  /// Whether `matchers` ask for every required label by its value.
  boolean isMeantBy(List<Matcher> matchers) {
    for (int i = 0; i < required.size(); i++) {
      if (!matchers.contains(Matcher.equal(required.name(i), required.value(i)))) {
        return false;
      }
    }
    return true;
  }
}
