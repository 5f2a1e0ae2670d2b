package barograph.ingest.remoteread;

import barograph.ingest.forward.SnappyPacker;
import barograph.ingest.remoteread.ReadFigures.Form;
import barograph.ingest.unpack.UnpackException;
import barograph.ingest.wire.MalformedMessageException;
import barograph.storage.model.Allowance;
import barograph.storage.model.Labels;
import barograph.storage.model.Matcher;
import barograph.storage.model.TimeRange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// One question to one [RemoteSource], and what becomes of its answer.
final class RemoteQuestion {
  /// An answer is there whole before it is read.
  private static final int MOST_BYTES = 256 << 20;

  private static final int MOST_TOLD = 200;

  private final RemoteSource source;
  private final ReadFigures figures;
  private final ReadRequest request;

  /// Names of external labels that were asked for in addition.
  private final Set<String> added = new HashSet<>();

  /// @param figures what is counted of questions to this source
  /// @param external labels that tell this server from others
  RemoteQuestion(
      RemoteSource source,
      ReadFigures figures,
      List<Matcher> matchers,
      TimeRange range,
      Labels external) {
    this.source = source;
    this.figures = figures;
    var all = new ArrayList<>(matchers);
    for (int i = 0; i < external.size() && source.filtersExternalLabels(); i++) {
      String name = external.name(i);
      if (matchers.stream().noneMatch(matcher -> matcher.name().equals(name))) {
        all.add(Matcher.equal(name, external.value(i)));
        added.add(name);
      }
    }
    this.request =
        new ReadRequest(
            List.of(new ReadRequest.Query(range.startMillis(), range.endMillis(), all)),
            List.of(1L, 0L));
  }

  /// Sends it and waits for the answer.
  ///
  /// @param memory asked for what comes, while it comes
  ReadWeb.Answer ask(ReadWeb web, Allowance memory) throws IOException {
    var access = source.access();
    var headers = new HashMap<>(access.headers());
    headers.put("Content-Type", AnswerKind.SAMPLES.contentType());
    headers.put("Content-Encoding", "snappy");
    headers.put("Accept-Encoding", "snappy");
    headers.put("X-Prometheus-Remote-Read-Version", "0.1.0");
    byte[] message = request.toBytes();
    var asked =
        new ReadWeb.Request(
            access.url(),
            headers,
            new SnappyPacker().pack(message, message.length),
            access.timeout(),
            MOST_BYTES,
            access.client());
    figures.begin();
    try {
      long start = System.nanoTime();
      var answer = web.ask(asked, memory);
      figures.answered(form(answer), answer.status(), System.nanoTime() - start);
      return answer;
    } finally {
      figures.end();
    }
  }

  private static Form form(ReadWeb.Answer answer) {
    return isGood(answer) ? Form.of(answer.header("content-type")) : Form.UNSUPPORTED;
  }

  private static boolean isGood(ReadWeb.Answer answer) {
    return answer.status() / 100 == 2;
  }

  /// The series of an answer, without the labels that were only asked for.
  ///
  /// @throws IOException if it is no such answer
  List<ReadSeries> series(ReadWeb.Answer answer, Allowance memory) throws IOException {
    if (!isGood(answer)) {
      String text = new String(answer.body(), StandardCharsets.UTF_8).strip();
      throw new IOException(
          "answered with status %d: %s"
              .formatted(answer.status(), text.substring(0, Math.min(text.length(), MOST_TOLD))));
    }
    String type = answer.header("content-type");
    try {
      var found =
          switch (Form.of(type)) {
            case SAMPLED -> AnswerReader.samples(answer.body(), MOST_BYTES, memory);
            case CHUNKED ->
                AnswerReader.chunks(answer.body(), source.access().mostFrameBytes(), memory);
            case UNSUPPORTED ->
                throw new IOException(
                    "answered with unsupported content type \"%s\"".formatted(type));
          };
      return added.isEmpty()
          ? found
          : found.stream()
              .map(each -> each.named(each.labels().filter(name -> !added.contains(name))))
              .toList();
    } catch (MalformedMessageException | UnpackException e) {
      throw new IOException("answered what cannot be read: " + e.getMessage(), e);
    }
  }

  /// What a failure is called among the warnings of an answer.
  String warning(String problem) {
    return "remote_read %s: %s".formatted(source.shownName(), problem);
  }
}
