package barograph.query.function;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import barograph.query.ast.BinaryOperator;
import barograph.query.plan.Arithmetic;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PrometheusFiguresTest {
  private static final Map<String, List<Figure>> FIGURES =
      read().collect(Collectors.groupingBy(Figure::function));

  /// What Prometheus made of `arguments`.
  private record Figure(String function, double[] arguments, double result) {
    static Figure parse(String line) {
      var fields = line.split("\t", -1);
      double[] numbers = Arrays.stream(fields).skip(1).mapToDouble(Double::parseDouble).toArray();
      int last = numbers.length - 1;
      return new Figure(fields[0], Arrays.copyOf(numbers, last), numbers[last]);
    }

    /// What is wrong with `found`; nothing, if it is the result to the bit.
    Stream<String> objection(double found) {
      return Double.doubleToLongBits(found) == Double.doubleToLongBits(result)
          ? Stream.empty()
          : Stream.of(
              "%s%s is %s, not %s".formatted(function, Arrays.toString(arguments), result, found));
    }
  }

  private static Stream<Figure> read() {
    var lines = new ArrayList<String>();
    try (var in = PrometheusFiguresTest.class.getResourceAsStream("/promql-figures.tsv");
        var reader = new BufferedReader(new InputStreamReader(Objects.requireNonNull(in), UTF_8))) {
      reader.lines().filter(line -> !line.startsWith("#")).forEach(lines::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines.stream().map(Figure::parse);
  }

  static Stream<String> functions() {
    return FIGURES.keySet().stream().sorted();
  }

  private static double computed(Figure figure) {
    return switch (figure.function) {
      case "pow" -> binary(BinaryOperator.POWER, figure);
      case "atan2" -> binary(BinaryOperator.ATAN2, figure);
      case "mod" -> binary(BinaryOperator.MODULO, figure);
      default ->
          Objects.requireNonNull(ElementFunction.find(figure.function)).apply(figure.arguments[0]);
    };
  }

  private static double binary(BinaryOperator operator, Figure figure) {
    return Arithmetic.compute(operator, figure.arguments[0], figure.arguments[1]);
  }

  private static Stream<String> objections(List<Figure> figures, ToDoubleFunction<Figure> of) {
    return figures.stream().flatMap(figure -> figure.objection(of.applyAsDouble(figure)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void resultsAreThoseOfPrometheusToTheBit(String function) {
    var figures = FIGURES.get(function);
    assertThat(figures).hasSizeGreaterThan(200);
    assertThat(objections(figures, PrometheusFiguresTest::computed)).isEmpty();
  }

  @Test
  void theFiguresTellTheseFunctionsFromThoseOfTheJdk() {
    assertThat(objections(FIGURES.get("cos"), f -> Math.cos(f.arguments[0]))).isNotEmpty();
    assertThat(objections(FIGURES.get("pow"), f -> Math.pow(f.arguments[0], f.arguments[1])))
        .isNotEmpty();
  }

  @Test
  void theDecimalLogarithmOfAPowerOfTenMayFallShortOfItsExponent() {
    assertThat(Math.floor(ElementFunction.LOG10.apply(1e15))).isEqualTo(14);
    assertThat(Math.floor(ElementFunction.LOG10.apply(1000))).isEqualTo(3);
  }

  /// Powers of a base near one are multiplied as they are, those of one far from it in fractions.
  @Test
  void aPowerOfTwoInTheBaseChangesNoOtherBitOfAPower() {
    var random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      double base = 0.5 + random.nextDouble();
      int exponent = random.nextInt(-30, 31);
      int shift = random.nextInt(-30, 31);
      assertThat(GoMath.pow(Math.scalb(base, shift), exponent))
          .isEqualTo(Math.scalb(GoMath.pow(base, exponent), shift * exponent));
    }
  }
}
