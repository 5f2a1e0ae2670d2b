package barograph.query.parse;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.query.ast.Features;
import barograph.query.ast.Printer;
import barograph.storage.testkit.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What is printed is what Prometheus prints.
class PrintedQueriesTest {
  private record PrinterCase(String in, String out) {}

  @TestFactory
  Stream<DynamicTest> printsAsPrometheusDoes() throws IOException {
    return cases().stream()
        .map(printed ->
            DynamicTest.dynamicTest(
                printed.in(),
                () ->
                    assertThat(Printer.print(QueryParser.parse(printed.in(), Features.ALL)))
                        .isEqualTo(printed.out())));
  }

  @Test
  void knowsEveryPrinterCase() throws IOException {
    assertThat(cases()).hasSize(85);
  }

  private static List<PrinterCase> cases() throws IOException {
    String json = Files.readString(SharedData.require("spec/data/printer-cases.json"));
    var strings = Pattern.compile("\"(in|out)\"\\s*:\\s*(\"(?:\\\\.|[^\"\\\\])*\")").matcher(json);
    var cases = new ArrayList<PrinterCase>();
    String in = "";
    while (strings.find()) {
      // JSON's escapes, but for the slash's, are Go's too.
      String value = StringSyntax.unquote(strings.group(2).replace("\\/", "/"));
      if (strings.group(1).equals("in")) {
        in = value;
      } else {
        cases.add(new PrinterCase(in, value));
      }
    }
    return cases;
  }
}
