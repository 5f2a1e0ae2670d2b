package barograph.storage.compact;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.storage.block.BlockId;
import barograph.storage.model.TimeRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlannerTest {
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private final Planner planner = new Planner(Duration.ofHours(2), Duration.ofDays(90));

  private static BlockId id(int number) {
    return new BlockId("%026d".formatted(number));
  }

  /// A block of these hours, of which the end is just outside.
  private static Piece piece(int number, int level, double fromHour, double toHour) {
    return piece(number, level, fromHour, toHour, 1000);
  }

  private static Piece piece(int number, int level, double fromHour, double toHour, long bytes) {
    var range = new TimeRange((long) (fromHour * HOUR), (long) (toHour * HOUR) - 1);
    return new Piece(id(number), range, level, bytes, 100, 0, true);
  }

  private static Piece buried(Piece piece, int series) {
    return new Piece(
        piece.id(), piece.range(), piece.level(), piece.bytes(), piece.series(), series, true);
  }

  private static Piece unsound(Piece piece) {
    return new Piece(
        piece.id(), piece.range(), piece.level(), piece.bytes(), piece.series(), 0, false);
  }

  private Optional<Merge> next(double settledHour, Piece... pieces) {
    return planner.next(List.of(pieces), (long) (settledHour * HOUR));
  }

  private static Optional<Merge> merge(int level, int... numbers) {
    return Optional.of(new Merge(Arrays.stream(numbers).mapToObj(PlannerTest::id).toList(), level));
  }

  @Test
  void fourFreshBlocksBecomeOneOfEightHours() {
    assertThat(next(8, piece(1, 1, 0, 2), piece(2, 1, 2, 4), piece(3, 1, 4, 6), piece(4, 1, 6, 8)))
        .isEqualTo(merge(2, 1, 2, 3, 4));
  }

  @Test
  void aWindowThatIsNotOverWaits() {
    assertThat(next(7.9, piece(1, 1, 0, 2), piece(2, 1, 2, 4))).isEmpty();
  }

  @Test
  void aFreshBlockAloneInItsWindowIsWrittenDense() {
    assertThat(next(8, piece(1, 1, 0, 2))).isEqualTo(merge(2, 1));
    assertThat(next(8, piece(1, 2, 0, 2))).isEmpty();
  }

  @Test
  void threeBlocksOfEightHoursBecomeADay() {
    assertThat(next(24, piece(1, 2, 0, 8), piece(2, 2, 8, 16), piece(3, 2, 16, 24)))
        .isEqualTo(merge(3, 1, 2, 3));
  }

  @Test
  void theLongestWindowThatIsOverComesFirst() {
    Piece[] pieces = {
      piece(1, 2, 0, 8), piece(2, 2, 8, 16), piece(3, 1, 16, 18), piece(4, 1, 18, 20)
    };
    assertThat(next(48, pieces)).isEqualTo(merge(3, 1, 2, 3, 4));
    assertThat(next(23, pieces)).isEmpty();
  }

  @Test
  void blocksThatHaveWaitedForAWholeWindowAreMergedOnce() {
    assertThat(next(48, piece(1, 1, 0, 2), piece(2, 1, 6, 8), piece(3, 1, 22, 24)))
        .isEqualTo(merge(3, 1, 2, 3));
  }

  @Test
  void noWindowIsLongerThanATenthOfTheRetention() {
    var brief = new Planner(Duration.ofHours(2), Duration.ofDays(5));
    var pieces = List.of(piece(1, 2, 0, 8), piece(2, 2, 8, 16), piece(3, 2, 16, 24));
    assertThat(brief.next(pieces, 1000 * HOUR)).isEmpty();
    assertThat(brief.everything(pieces)).isEmpty();
  }

  @Test
  void whatCameLateIsMergedWithItsWindow() {
    assertThat(next(8, piece(1, 2, 0, 8), piece(2, 1, 3, 4, 200))).isEqualTo(merge(2, 1, 2));
  }

  @Test
  void aLittleThatCameLateWaits() {
    assertThat(next(8, piece(1, 2, 0, 8), piece(2, 1, 3, 4, 20))).isEmpty();
  }

  @Test
  void aBlockWrittenBetweenTheSourcesThatOverlapsOneIsMergedWithThem() {
    // Number 2 reaches into the next window, and must neither win over 3 nor lose against 1.
    assertThat(next(8, piece(1, 1, 0, 2), piece(2, 1, 7, 9), piece(3, 1, 6, 8)))
        .isEqualTo(merge(2, 1, 2, 3));
    assertThat(next(8, piece(1, 1, 0, 2), piece(2, 1, 8, 9), piece(3, 1, 6, 8)))
        .isEqualTo(merge(2, 1, 3));
  }

  @Test
  void aDamagedBlockIsLeftAloneAndSoIsWhatItStandsAbove() {
    assertThat(next(8, piece(1, 1, 0, 2), unsound(piece(2, 1, 2, 4)), piece(3, 1, 4, 6)))
        .isEqualTo(merge(2, 1, 3));
    assertThat(next(8, piece(1, 1, 0, 2), unsound(piece(2, 1, 1, 5)), piece(3, 1, 4, 6)))
        .isEqualTo(merge(2, 3));
    assertThat(next(8, piece(1, 2, 0, 2), unsound(piece(2, 1, 1, 5)), piece(3, 2, 4, 6))).isEmpty();
  }

  @Test
  void theBlocksAroundADamagedOneRiseThroughTheLevelsWithoutIt() {
    Piece damaged = unsound(piece(2, 1, 2, 4));
    Piece around = piece(5, 2, 0, 8);
    assertThat(next(8, piece(1, 1, 0, 2), damaged, piece(3, 1, 4, 6), piece(4, 1, 6, 8)))
        .isEqualTo(merge(2, 1, 3, 4));
    assertThat(next(24, damaged, around, piece(6, 2, 8, 16), piece(7, 2, 16, 24)))
        .as("what was merged around it now covers it, and may be merged further")
        .isEqualTo(merge(3, 5, 6, 7));
    assertThat(next(24, piece(1, 2, 0, 8), unsound(piece(2, 1, 9, 10)), piece(6, 2, 8, 16)))
        .isEqualTo(merge(3, 1, 6));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void neverTurnsTheOrderOfWhatOverlapsAndComesToAnEnd(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      var pieces = new ArrayList<Piece>();
      for (int i = 1; i <= 2 + random.nextInt(12); i++) {
        int from = random.nextInt(48);
        Piece piece = piece(100 * i, 1, from, from + 1 + random.nextInt(4), 100);
        pieces.add(random.nextInt(4) == 0 ? unsound(piece) : piece);
      }
      int merges = 0;
      for (var due = planner.everything(pieces);
          due.isPresent();
          due = planner.everything(pieces)) {
        merge(pieces, due.get());
        assertThat(merges++).isLessThan(40);
      }
    }
  }

  /// Does a merge, and checks that nobody stands above what has stood above them.
  private static void merge(List<Piece> pieces, Merge merge) {
    var sources = pieces.stream().filter(piece -> merge.sources().contains(piece.id())).toList();
    Piece newest = sources.getLast();
    for (Piece other : pieces) {
      if (!sources.contains(other) && other.id().compareTo(newest.id()) < 0) {
        assertThat(sources)
            .noneMatch(source ->
                source.id().compareTo(other.id()) < 0 && source.range().overlaps(other.range()));
      }
    }
    assertThat(sources).allMatch(Piece::sound);
    long from = sources.stream().mapToLong(p -> p.range().startMillis()).min().orElseThrow();
    long to = sources.stream().mapToLong(p -> p.range().endMillis()).max().orElseThrow();
    pieces.set(
        pieces.indexOf(newest),
        new Piece(newest.id(), new TimeRange(from, to), merge.level(), 100, 100, 0, true));
    pieces.removeIf(sources::contains);
  }

  @Test
  void aBlockThatHasLostMuchIsWrittenAnew() {
    assertThat(next(0, buried(piece(1, 1, 0, 2), 6))).isEqualTo(merge(1, 1));
    assertThat(next(0, buried(piece(1, 1, 0, 2), 5))).isEmpty();
    assertThat(planner.buried(List.of(buried(piece(1, 3, 0, 2), 1)))).isEqualTo(merge(3, 1));
  }

  @Test
  void everythingOfOneLongestWindowBecomesOneBlockWhetherOverOrNot() {
    var pieces = List.of(piece(1, 3, 0, 24), piece(2, 1, 24, 26), piece(3, 1, 24 * 7, 24 * 7 + 2));
    assertThat(planner.everything(pieces)).isEqualTo(merge(4, 1, 2));
    assertThat(planner.everything(List.of(piece(1, 4, 0, 26), pieces.getLast())))
        .isEqualTo(merge(2, 3));
    assertThat(planner.everything(List.of(piece(1, 4, 0, 26), piece(3, 2, 168, 170)))).isEmpty();
  }

  @Test
  void theLevelIsThatOfTheShortestWindowThatHoldsAll() {
    assertThat(planner.everything(List.of(piece(1, 1, 0, 2), piece(2, 1, 2, 3))))
        .isEqualTo(merge(2, 1, 2));
    assertThat(planner.everything(List.of(piece(1, 1, 6, 8), piece(2, 1, 8, 9))))
        .isEqualTo(merge(3, 1, 2));
  }
}
