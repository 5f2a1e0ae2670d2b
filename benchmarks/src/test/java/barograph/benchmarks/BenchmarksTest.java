package barograph.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

class BenchmarksTest {
  @Test
  void everyBenchmarkRunsAndItsPremisesHold() throws RunnerException {
    var options =
        new OptionsBuilder()
            .forks(0)
            .mode(Mode.SingleShotTime)
            .warmupIterations(0)
            .measurementIterations(1)
            .param("series", "1000")
            .param("scrapes", "100")
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .build();

    var names = new TreeSet<String>();
    for (RunResult result : new Runner(options).run()) {
      names.add(result.getParams().getBenchmark());
    }

    assertThat(names)
        .containsExactlyElementsOf(
            List.of(
                "barograph.benchmarks.ChunkDecodeBenchmark.decodeOneChunk",
                "barograph.benchmarks.ChunkEncodeBenchmark.encodeOneChunk",
                "barograph.benchmarks.HeadAppendBenchmark.appendOneByOne",
                "barograph.benchmarks.HeadAppendBenchmark.appendOneRow",
                "barograph.benchmarks.LongWindowBenchmark.overAWeek",
                "barograph.benchmarks.OperatorBenchmark.answer",
                "barograph.benchmarks.RangeQueryBenchmark.sumOfRates",
                "barograph.benchmarks.RecordedChunkBenchmark.decode",
                "barograph.benchmarks.RecordedChunkBenchmark.encode",
                "barograph.benchmarks.RegexMatcherBenchmark.tryAll",
                "barograph.benchmarks.RemoteWriteBenchmark.acceptOneRequest",
                "barograph.benchmarks.SelectBenchmark.selectOnly",
                "barograph.benchmarks.SelectBenchmark.selectWithLabels",
                "barograph.benchmarks.SelectionBenchmark.findNumbers",
                "barograph.benchmarks.SelectionBenchmark.findPairs",
                "barograph.ingest.scrape.PageReadBenchmark.readFirstPage",
                "barograph.ingest.scrape.PageReadBenchmark.readUnchangedPage",
                "barograph.storage.wal.LogRecordBenchmark.writeOneRow"));
  }
}
