package barograph.ingest.remoteread;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/// What is counted of the questions to one server. From any thread.
public final class ReadFigures {
  private final String name;
  private final String url;
  private final AtomicInteger underWay = new AtomicInteger();
  private final Map<Answered, LongAdder> answers = new ConcurrentHashMap<>();
  private final Map<Form, Durations> durations = new EnumMap<>(Form.class);

  /// What an answer is made of.
  public enum Form {
    SAMPLED("sampled"),
    CHUNKED("chunked"),
    /// Nothing that could be read, as of a refusal.
    UNSUPPORTED("unsupported");

    private final String label;

    Form(String label) {
      this.label = label;
    }

    /// As Prometheus calls it.
    public String label() {
      return label;
    }

    static Form of(String contentType) {
      if (contentType.startsWith(AnswerKind.SAMPLES.contentType())) {
        return SAMPLED;
      }
      return contentType.startsWith(AnswerKind.STREAMED_XOR_CHUNKS.contentType())
          ? CHUNKED
          : UNSUPPORTED;
    }
  }

  /// Answers that are counted as one.
  public record Answered(Form form, int status) {}

  /// How long answers of one form were waited for, each to its last byte.
  public static final class Durations {
    /// Upper bounds of the buckets in seconds; the last bucket has none.
    public static final List<Double> BOUNDS =
        List.of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0, 60.0);

    private final Form form;
    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS.size() + 1);
    private final LongAdder nanos = new LongAdder();

    private Durations(Form form) {
      this.form = form;
    }

    private void add(long took) {
      int bucket = 0;
      while (bucket < BOUNDS.size() && took / 1e9 > BOUNDS.get(bucket)) {
        bucket++;
      }
      counts.incrementAndGet(bucket);
      nanos.add(took);
    }

    public Form form() {
      return form;
    }

    /// Those of one bucket alone.
    public long count(int bucket) {
      return counts.get(bucket);
    }

    public double seconds() {
      return nanos.sum() / 1e9;
    }
  }

  ReadFigures(RemoteSource source) {
    this.name = source.shownName();
    this.url = source.shownUrl();
    for (Form form : Form.values()) {
      durations.put(form, new Durations(form));
    }
  }

  /// Whether these are figures of `source`, whatever else has changed with it.
  boolean isOf(RemoteSource source) {
    return name.equals(source.shownName()) && url.equals(source.shownUrl());
  }

  void begin() {
    underWay.incrementAndGet();
  }

  void answered(Form form, int status, long took) {
    answers.computeIfAbsent(new Answered(form, status), absent -> new LongAdder()).increment();
    Objects.requireNonNull(durations.get(form), form.label).add(took);
  }

  void end() {
    underWay.decrementAndGet();
  }

  public String name() {
    return name;
  }

  public String url() {
    return url;
  }

  /// Questions that wait for their answer.
  public int underWay() {
    return underWay.get();
  }

  public Map<Answered, LongAdder> answers() {
    return Map.copyOf(answers);
  }

  /// By form, in the order of [Form].
  public List<Durations> durations() {
    return List.copyOf(durations.values());
  }
}
