package barograph.ingest.scrape;

import barograph.ingest.exposition.BadPageException;
import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.exposition.PageFormat;
import barograph.ingest.hash.KeyedHash;
import barograph.storage.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does one sample of a scraped page cost, if the page is the last one with other values, and
/// if it is seen for the first time?
///
/// A page like node_exporter's: 1,000 samples in 125 families with their HELP and TYPE lines.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PageReadBenchmark {
  private static final int FAMILIES = 125;
  private static final int SAMPLES_PER_FAMILY = 8;
  private static final int SAMPLES = FAMILIES * SAMPLES_PER_FAMILY;
  private static final int PAGES = 16;
  private static final String[] MODES = {
    "idle", "iowait", "irq", "nice", "softirq", "steal", "system", "user"
  };

  private final byte[][] pages = new byte[PAGES][];
  private final PageSamples samples = new PageSamples();
  private PageReader reader = freshReader();
  private int visit;

  private static PageReader freshReader() {
    var target = Labels.of("job", "node", "instance", "10.1.2.3:9100");
    return new PageReader(
        new SeriesNaming(target, ScrapeConfig.Labelling.DEFAULT, ScrapeLimits.NONE),
        ScrapeConfig.Labelling.DEFAULT,
        0,
        HistogramWishes.CLASSIC,
        new MetricMetadata(),
        new KeyedHash(new long[] {1, 2, 3, 4, 5, 6, 7, 8}));
  }

  @Setup
  public void makePages() throws BadPageException {
    var random = new Random(5);
    for (int i = 0; i < PAGES; i++) {
      pages[i] = page(random).getBytes(StandardCharsets.UTF_8);
    }
    readFirstPage();
    var numbers = new int[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      numbers[i] = i;
    }
    reader.adopt(0, numbers);
    readUnchangedPage();
    if (samples.size != SAMPLES || !reader.newSeries().isEmpty()) {
      throw new IllegalStateException(
          "%d samples, %d of them of new series"
              .formatted(samples.size, reader.newSeries().size()));
    }
  }

  private static String page(Random random) {
    var text = new StringBuilder();
    for (int family = 0; family < FAMILIES; family++) {
      boolean counter = family % 3 != 0;
      String name = "node_subsystem%02d_%s_total".formatted(family, counter ? "seconds" : "bytes");
      text.append("# HELP ").append(name).append(" What the kernel says of it, in base units.\n");
      text.append("# TYPE ").append(name).append(counter ? " counter\n" : " gauge\n");
      for (int i = 0; i < SAMPLES_PER_FAMILY; i++) {
        text.append(name);
        switch (family % 5) {
          case 0 -> text.append("{cpu=\"").append(i).append("\"}");
          case 1 -> text.append("{cpu=\"0\",mode=\"").append(MODES[i]).append("\"}");
          case 2 -> text.append("{device=\"eth").append(i).append("\"}");
          default ->
              text.append(
                  "{device=\"/dev/nvme0n1p%d\",fstype=\"ext4\",mountpoint=\"/srv/%s\"}"
                      .formatted(i, MODES[i]));
        }
        text.append(' ');
        if (counter) {
          text.append(random.nextInt(100_000_000) / 100.0);
        } else {
          text.append(random.nextInt(1 << 30) & ~0xfff);
        }
        text.append('\n');
      }
    }
    return text.toString();
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public int readUnchangedPage() throws BadPageException {
    byte[] page = pages[visit % PAGES];
    reader.read(PageFormat.TEXT, page, page.length, ++visit, SAMPLES, samples);
    return samples.size;
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public int readFirstPage() throws BadPageException {
    reader = freshReader();
    byte[] page = pages[visit % PAGES];
    reader.read(PageFormat.TEXT, page, page.length, ++visit, 0, samples);
    return samples.size;
  }
}
