package barograph.server;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class RehearsalTest {
  @Test
  void allThatIsWrittenAndAskedInARehearsalIsAnswered() {
    assertThatCode(() -> Rehearsal.main(new String[] {".."})).doesNotThrowAnyException();
  }
}
