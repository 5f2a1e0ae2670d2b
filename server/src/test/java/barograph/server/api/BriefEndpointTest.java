package barograph.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.query.QueryException;
import barograph.query.QueryLimits;
import barograph.server.http.Parameters;
import barograph.server.http.Request;
import barograph.server.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BriefEndpointTest {
  private final List<String> asked = new ArrayList<>();
  private final BriefEndpoint endpoint =
      new BriefEndpoint(this::answer, BriefEndpointTest::kind, this::nanos);
  private long nanos;
  private long tookMicros = 100;
  private int length = 10;
  private QueryException.@Nullable Kind failure;

  private long nanos() {
    return nanos;
  }

  private static String kind(Request request) {
    String query = request.query().first("query");
    if (query.isEmpty()) {
      throw ApiError.badData("no query");
    }
    return query;
  }

  private Response answer(Request request, QueryLimits most) {
    asked.add((most.brief() ? "brief " : "") + kind(request));
    nanos += TimeUnit.MICROSECONDS.toNanos(tookMicros);
    var kind = failure;
    if (kind != null && (most.brief() || kind != QueryException.Kind.NOT_BRIEF)) {
      throw new QueryException(kind, "on purpose");
    }
    return Response.text(200, "x".repeat(length));
  }

  private static Request request(String query) {
    return new Request(
        "GET", "/q", "/q", Parameters.parse("query=" + query), Map.of(), new byte[0], "");
  }

  private String handled(String query) {
    var response = endpoint.handle(request(query)).join();
    return response.status() + " " + UTF_8.decode(response.body().duplicate());
  }

  private boolean isAttempted(String query) {
    return endpoint.attempt(request(query)) != null;
  }

  @Test
  void isAskedBrieflyOnceItHasTakenNoMoreThanAMoment() {
    assertThat(isAttempted("up")).isFalse();
    assertThat(handled("up")).isEqualTo("200 xxxxxxxxxx");
    assertThat(isAttempted("up")).isTrue();
    assertThat(isAttempted("down")).isFalse();
    assertThat(asked).containsExactly("up", "brief up");
  }

  @Test
  void isNotAskedBrieflyWhereItTookLonger() {
    tookMicros = 3_001;
    handled("up");
    assertThat(isAttempted("up")).isFalse();
    tookMicros = 100;
    handled("up");
    assertThat(isAttempted("up")).isTrue();
    tookMicros = 6_001;
    assertThat(isAttempted("up")).as("as it was quick before").isTrue();
    assertThat(isAttempted("up")).isFalse();
  }

  @Test
  void whatIsGivenUpIsAnsweredInItsLaneAndNotTriedAgain() {
    String before = handled("up");
    failure = QueryException.Kind.NOT_BRIEF;
    assertThat(isAttempted("up")).isFalse();
    assertThat(isAttempted("up")).isFalse();
    assertThat(handled("up")).isEqualTo(before);
    assertThat(asked).containsExactly("up", "brief up", "up");
  }

  @Test
  void aRefusalIsSaidInTheLane() {
    handled("up");
    failure = QueryException.Kind.EXECUTION;
    assertThat(isAttempted("up")).isFalse();
    assertThat(handled("up")).startsWith("422 ");
    assertThat(isAttempted("up")).as("known no longer").isFalse();
    assertThat(isAttempted("")).isFalse();
    assertThat(handled("")).startsWith("400 ");
  }

  @Test
  void aLongAnswerIsNoMomentsWork() {
    length = 65_537;
    handled("up");
    assertThat(isAttempted("up")).isFalse();
  }

  @Test
  void whatWasAskedForLongestAgoIsForgotten() {
    for (int i = 0; i <= 512; i++) {
      handled("q" + i);
    }
    assertThat(isAttempted("q0")).isFalse();
    assertThat(isAttempted("q1")).isTrue();
    assertThat(isAttempted("q512")).isTrue();
  }
}
