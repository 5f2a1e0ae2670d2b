package barograph.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.scrape.Targets.Health;
import barograph.storage.SampleBatch;
import barograph.storage.SeriesLimitException;
import barograph.storage.SeriesLimitException.Limit;
import barograph.storage.StoreUnavailableException;
import barograph.storage.WriteResult;
import barograph.storage.WriteResult.Reason;
import barograph.storage.WriteResult.Refusal;
import barograph.storage.model.Labels;
import barograph.storage.testkit.NaiveStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StoreTroubleTest extends ScrapeOfOneTarget {
  @Test
  void looksSeriesUpAgainThatTheStoreHasForgotten() throws InterruptedException {
    var forgetful = new ForgetfulStore(store);
    var scraper = scraper(forgetful, job());
    web.page(URL, "a 1\nb 1\n");
    visitAll(scraper, 2);
    forgetful.forgetAll();
    visitAll(scraper, 2);

    assertThat(values("a")).containsExactly("1000 1.0", "2000 1.0", "3000 1.0", "4000 1.0");
    assertThat(values("b")).containsExactly("1000 1.0", "2000 1.0", "3000 1.0", "4000 1.0");
    assertThat(values("up")).containsExactly("1000 1.0", "2000 1.0", "3000 1.0", "4000 1.0");
    assertThat(counters.duplicates()).isZero();
    web.page(URL, "a 2\n");
    visitAll(scraper, 1);
    assertThat(values("b")).endsWith("4000 1.0", "5000 stale");
  }

  @Test
  void keepsStoringKnownSeriesWhenTheStoreTakesNoNewOnes() throws InterruptedException {
    var full = new FullStore(store);
    var scraper = scraper(full, job());
    web.page(URL, "a 1\n");
    visitAll(scraper, 1);
    full.full = true;
    web.page(URL, "a 2\nb 2\n");
    visitAll(scraper, 2);
    assertThat(scraper.status().health()).isEqualTo(Health.UP);
    assertThat(scraper.status().lastError())
        .isEqualTo("1 samples refused, the others are stored; the first: no more series");
    full.full = false;
    visitAll(scraper, 1);
    assertThat(scraper.status().lastError()).isEmpty();

    assertThat(values("a")).containsExactly("1000 1.0", "2000 2.0", "3000 2.0", "4000 2.0");
    assertThat(values("b")).containsExactly("4000 2.0");
    assertThat(counters.seriesRefused()).isEqualTo(2);
  }

  @Test
  void asksOnlyForTheRefusedAgainWhenALimitHasTakenSomeOfAPage() throws InterruptedException {
    var full = new FullStore(store);
    full.room = 7;
    var scraper = scraper(full, job());
    web.page(URL, "a 1\nb 1\nc 1\n# TYPE d counter\nd 1\n");
    visitAll(scraper, 1);
    assertThat(values("up")).containsExactly("1000 1.0");
    assertThat(values("b")).containsExactly("1000 1.0");
    full.asked.clear();
    visitAll(scraper, 2);

    assertThat(full.asked).containsExactly("c", "d", "c", "d");
    assertThat(values("a")).containsExactly("1000 1.0", "2000 1.0", "3000 1.0");
    assertThat(values("b")).containsExactly("1000 1.0", "2000 1.0", "3000 1.0");
    assertThat(values("c")).isEmpty();
    assertThat(counters.seriesRefused()).isEqualTo(6);
  }

  @Test
  void saysSoWhenTheStoreIsUnavailable() throws InterruptedException {
    var full = new FullStore(store);
    full.unavailable = true;
    var scraper = scraper(full, job());
    web.page(URL, "a 1\n");
    visitAll(scraper, 1);
    assertThat(scraper.status().lastError()).isEqualTo("cannot store samples: disk is full");
  }

  /// Gives series new references whenever it is told to forget, and knows the old ones no more.
  private static final class ForgetfulStore extends StoreFront {
    private int generation;

    ForgetfulStore(NaiveStore store) {
      super(store);
    }

    void forgetAll() {
      generation += 1000;
    }

    @Override
    public int seriesFor(Labels labels, String target) {
      return generation + store.seriesFor(labels, target);
    }

    @Override
    public CompletableFuture<WriteResult> append(SampleBatch batch) {
      var good = new SampleBatch();
      var places = new ArrayList<Integer>();
      var refusals = new ArrayList<Refusal>();
      for (int i = 0; i < batch.size(); i++) {
        if (batch.series(i) < generation) {
          refusals.add(new Refusal(i, Reason.UNKNOWN_SERIES));
        } else {
          good.add(batch.series(i) - generation, batch.timestampMillis(i), batch.value(i));
          places.add(i);
        }
      }
      WriteResult result = store.append(good).join();
      result.refusals().forEach(r -> refusals.add(new Refusal(places.get(r.index()), r.reason())));
      return CompletableFuture.completedFuture(new WriteResult(result.accepted(), refusals));
    }
  }

  /// Takes no new series, or nothing at all, while it is told so.
  private static final class FullStore extends StoreFront {
    private final List<String> asked = new ArrayList<>();
    private boolean full;
    private int room = Integer.MAX_VALUE;
    private boolean unavailable;

    FullStore(NaiveStore store) {
      super(store);
    }

    @Override
    public int seriesFor(Labels labels, String target) {
      asked.add(labels.get(Labels.METRIC_NAME));
      if (full || room-- <= 0) {
        throw new SeriesLimitException(Limit.TOTAL, "no more series");
      }
      return store.seriesFor(labels, target);
    }

    @Override
    public CompletableFuture<WriteResult> append(SampleBatch batch) {
      return unavailable
          ? CompletableFuture.failedFuture(new StoreUnavailableException("disk is full"))
          : store.append(batch);
    }
  }
}
