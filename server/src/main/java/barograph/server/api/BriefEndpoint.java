package barograph.server.api;

import barograph.query.QueryException;
import barograph.query.QueryLimits;
import barograph.server.http.Handler;
import barograph.server.http.Request;
import barograph.server.http.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A question to the engine that is answered on the event loop when it took no more than a moment
/// the last time it was asked, and otherwise in its lane.
///
/// That it was a moment's work says little of the next time, when it may be asked of other hours:
/// on the event loop it is asked with limits that make the engine give up in time
/// ([QueryLimits#brief]).
final class BriefEndpoint implements Handler.Brief {
  private static final long MOMENT_NANOS = 3_000_000;

  /// A longer answer takes its time to be packed, too.
  private static final int LONGEST_ANSWER = 64 << 10;

  private static final int MOST_KNOWN = 512;
  private static final int LONGEST_KNOWN = 2_048;

  private final Question question;
  private final Function<Request, String> kind;
  private final LongSupplier nanoTime;

  /// Kinds of questions that took a moment, in the order in which they were last asked.
  private final Map<String, Boolean> known = new LinkedHashMap<>(16, 0.75f, true);

  /// Answers within limits that the asker may make tighter.
  @FunctionalInterface
  interface Question {
    Response answer(Request request, QueryLimits most);
  }

  /// @param kind what questions of about the same cost have in common; may throw [ApiError]
  BriefEndpoint(Question question, Function<Request, String> kind) {
    this(question, kind, System::nanoTime);
  }

  BriefEndpoint(Question question, Function<Request, String> kind, LongSupplier nanoTime) {
    this.question = question;
    this.kind = kind;
    this.nanoTime = nanoTime;
  }

  @Override
  public CompletableFuture<Response> handle(Request request) {
    long start = nanoTime.getAsLong();
    var response =
        Endpoint.of(asked -> question.answer(asked, QueryLimits.DEFAULT)).answer(request);
    if (response.status() == 200) {
      note(kind.apply(request), response, nanoTime.getAsLong() - start <= MOMENT_NANOS);
    }
    return CompletableFuture.completedFuture(response);
  }

  @Override
  public @Nullable Response attempt(Request request) {
    String asked;
    try {
      asked = kind.apply(request);
    } catch (ApiError e) {
      return null;
    }
    if (!isKnown(asked)) {
      return null;
    }
    long start = nanoTime.getAsLong();
    try {
      var response = question.answer(request, QueryLimits.DEFAULT.briefly());
      note(asked, response, nanoTime.getAsLong() - start <= 2 * MOMENT_NANOS);
      return response;
    } catch (ApiError | QueryException e) {
      // Refusals are said in the lane, where there is time to find the words.
      forget(asked);
      return null;
    }
  }

  private synchronized boolean isKnown(String asked) {
    return known.get(asked) != null;
  }

  private synchronized void forget(String asked) {
    known.remove(asked);
  }

  private synchronized void note(String asked, Response response, boolean brief) {
    if (!brief || response.body().remaining() > LONGEST_ANSWER || asked.length() > LONGEST_KNOWN) {
      forget(asked);
      return;
    }
    known.put(asked, true);
    if (known.size() > MOST_KNOWN) {
      known.remove(known.keySet().iterator().next());
    }
  }
}
