package barograph.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.query.EngineOptions;
import barograph.query.QueryEngine;
import barograph.storage.Store;
import barograph.storage.StoreOptions;
import barograph.storage.StoreWatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnQuestionsTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir Path folder;

  private Store open() throws IOException {
    return Store.open(StoreOptions.in(folder), CLOCK, StoreWatcher.NONE);
  }

  @Test
  void eachIsOneThatCanBeAnswered() throws IOException {
    try (var store = open()) {
      var api = new QueryApi(new QueryEngine(store.reader(), EngineOptions.defaults()), CLOCK);
      for (var request : OwnQuestions.requests()) {
        var response = OwnQuestions.answer(api, request);

        assertThat(response.status()).as(UTF_8.decode(response.body()).toString()).isEqualTo(200);
      }
    }
  }

  @Test
  void whoClosesBeforeTheyAreAskedNeedNotWait() throws IOException {
    try (var store = open()) {
      var engine = new QueryEngine(store.reader(), EngineOptions.defaults());
      OwnQuestions.start(engine, CLOCK).close();

      assertThat(engine.active()).isEmpty();
      assertThat(engine.cacheMisses()).isZero();
    }
  }
}
