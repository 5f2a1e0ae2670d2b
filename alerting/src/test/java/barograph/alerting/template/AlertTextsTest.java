package barograph.alerting.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import barograph.query.value.Sample;
import barograph.storage.model.Labels;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The expected texts are what Prometheus 3.5.3 made of the same templates.
class AlertTextsTest {
  private static final Labels LABELS = Labels.of("__name__", "m", "instance", "h:9", "job", "api");

  private static String expand(String template) {
    return expand(template, 1234567.5);
  }

  private static String expand(String template, double value) {
    var texts = new AlertTexts("A", Labels.of("cluster", "c1"), "http://x.y/prefix");
    return texts
        .at(0, expr -> List.of(new Sample(LABELS, 0, 7), new Sample(LABELS, 0, 8)))
        .of(LABELS, value)
        .expand(template);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '~',
      ignoreLeadingAndTrailingWhitespace = true,
      value = {
        "{{ $value }} => 1.2345675e+06",
        "{{ $labels }} => map[__name__:m instance:h:9 job:api]",
        "{{ $labels.nope }}|{{ .Labels.job }}|{{ .Value }} => |api|1.2345675e+06",
        "{{ $externalURL }}|{{ $externalLabels }} => http://x.y/prefix|map[cluster:c1]",
        "{{ $.Labels.job }} {{ ($labels).job }} => api api",
        "{{ range $k, $v := $labels }}{{ $k }}={{ $v }},{{ end }} =>"
            + " __name__=m,instance=h:9,job=api,",
        "{{ printf \"%d\" $value }} => %!d(float64=1.2345675e+06)",
        "{{ printf \"%s\" $value }} => %!s(float64=1.2345675e+06)",
        "{{ printf \"%.2f|%8.3f|%-8.1f|%+g|%e|%g|%v\" $value $value $value $value $value $value"
            + " $value }} => 1234567.50|1234567.500|1234567.5|+1.2345675e+06|1.234568e+06|"
            + "1.2345675e+06|1.2345675e+06",
        "{{ printf \"%q|%t|%x\" \"a\\\"b\" true 255 }} => \"a\\\"b\"|true|ff",
        "{{ printf \"%d\" 1 2 }} => 1%!(EXTRA int=2)",
        "{{ printf \"%d %s\" 1 }} => 1 %!s(MISSING)",
        "{{ printf \"%z\" 1 }} {{ printf \"%d\" \"x\" }} {{ printf \"%s\" 1 }} =>"
            + " %!z(int=1) %!d(string=x) %!s(int=1)",
        "{{ printf \"100%\" }} => 100%!(NOVERB)",
        "{{ printf \"%v\" $labels }} => map[__name__:m instance:h:9 job:api]",
        "{{ humanize $value }} {{ $value | humanize1024 }} => 1.235M 1.177Mi",
        "{{ humanizeDuration $value }} => 14d 6h 56m 7s",
        "{{ humanizePercentage $value }} => 1.235e+08%",
        "{{ humanizeTimestamp $value }}|{{ toTime $value }} =>"
            + " 1970-01-15 06:56:07.5 +0000 UTC|1970-01-15 06:56:07.5 +0000 UTC",
        "{{ humanizeDuration 0.0123 }} {{ humanizeDuration 93784.0 }} => 12.3ms 1d 2h 3m 4s",
        "{{ humanizeDuration 75.5 }} {{ humanizeDuration 3661.0 }} => 1m 15s 1h 1m 1s",
        "{{ humanize 0.00012345 }} {{ humanize 12345678.0 }} {{ humanize 0.0 }} => 123.4u 12.35M 0",
        "{{ humanize1024 1048576.0 }} => 1Mi",
        "{{ 1 }} {{ 1.5 }} {{ 1e6 }} {{ 1e20 }} {{ 0x1F }} {{ 100000.0 }} =>"
            + " 1 1.5 1e+06 1e+20 31 100000",
        "{{ 1234567.0 }} {{ 0.00001 }} {{ 0.0001 }} {{ `raw` }} {{ true }} =>"
            + " 1.234567e+06 1e-05 0.0001 raw true",
        "{{ print 1 2 \"a\" 3 \"b\" \"c\" 1.5 true nil }} => 1 2a3bc1.5 true <nil>",
        "{{ if gt $value 1.0 }}gt{{ else if eq $value 1.0 }}eq{{ else }}le{{ end }} => gt",
        "{{ eq \"a\" \"b\" \"a\" }} {{ and 1 0 }} {{ or 0 \"x\" }} {{ not true }} => true 0 x"
            + " false",
        "{{ len \"abc\" }} {{ index $labels \"job\" }} {{ slice \"abcdef\" 1 3 }} => 3 api bc",
        "{{ define \"x\" }}<{{ . }}>{{ end }}{{ template \"x\" $labels.job }}{{ template \"x\" }}"
            + " => <api><<no value>>",
        "{{ title \"hello world-x\" }} {{ toUpper \"abc\" }} => Hello World-X ABC",
        "{{ stripPort \"a.b:80\" }} {{ stripDomain \"a.b.c:80\" }} => a.b a:80",
        "{{ match \"a.*\" \"cab\" }} {{ reReplaceAll \"(a)(b)\" \"$2$1\" \"abab\" }} => true baba",
        "{{ tableLink \"up == 0\" }} {{ graphLink \"up*2\" }} =>"
            + " /graph?g0.expr=up+%3D%3D+0&g0.tab=1 /graph?g0.expr=up%2A2&g0.tab=0",
        "{{ pathPrefix }} {{ externalURL }} {{ parseDuration \"1h30m\" }} =>"
            + " /prefix http://x.y/prefix 5400",
        "{{ html \"<a&b>\" }} {{ js \"it's\" }} {{ urlquery \"a b\" }} => &lt;a&amp;b&gt; it\\'s"
            + " a+b",
        "{{ with query \"m\" }}{{ . | first | value | humanize }} {{ . | first | label \"job\" }}"
            + "{{ end }} => 7 api",
        "{{ $value | toUpper }} => <error expanding template: error executing template __alert_A:"
            + " template: __alert_A:1:124: executing \"__alert_A\" at <toUpper>: wrong type for"
            + " value; expected string; got float64>",
        "{{ gt $value 1 }} => <error expanding template: error executing template __alert_A:"
            + " template: __alert_A:1:115: executing \"__alert_A\" at <gt $value 1>: error calling"
            + " gt: incompatible types for comparison: float64 and int>",
        "{{ $.Labels.job }} {{ ($labels).job }} {{ .Nope }} => <error expanding template: error"
            + " executing template __alert_A: template: __alert_A:1:154: executing \"__alert_A\" at"
            + " <.Nope>: can't evaluate field Nope in type struct { Labels map[string]string;"
            + " ExternalLabels map[string]string; ExternalURL string; Value interface {} }>",
      })
  void printsWhatPrometheusPrints(String template, String expected) {
    assertThat(expand(template)).isEqualTo(expected);
  }

  @Test
  void trimsWhiteSpaceAtItsMarkers() {
    assertThat(expand("a   {{- \" b \" -}}   c {{/* not seen */}}d {{- /* nor this */ -}} e"))
        .isEqualTo("a b c de");
  }

  @Test
  void keepsVariablesInTheirScope() {
    assertThat(
            expand(
                "{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x := 3 }}{{ $x }}{{ end }}{{ $x }}"
                    + "{{ range $i, $e := query \"m\" }}{{ $i }}:{{ $e.Value }};{{ end }}"))
        .isEqualTo("320:7;1:8;");
  }

  @Test
  void leavesALoopAtBreakAndAPassAtContinue() {
    assertThat(
            expand(
                "{{ range $i := 9 }}{{ if eq $i 2 }}{{ continue }}{{ end }}"
                    + "{{ if gt $i 4 }}{{ break }}{{ end }}{{ $i }}{{ else }}none{{ end }}"))
        .isEqualTo("0134");
  }

  @Test
  void takesElseWhenThereIsNothingToRangeOverOrToBeWith() {
    assertThat(expand("{{ range 0 }}x{{ else }}a{{ end }}{{ with \"\" }}x{{ else }}b{{ end }}"))
        .isEqualTo("ab");
    assertThat(expand("{{ with \"\" }}x{{ else with 5 }}{{ . }}{{ end }}")).isEqualTo("5");
  }

  @Test
  void printsANumberWithoutExponentUpToAMillion() {
    assertThat(expand("{{ $value }}", 999999)).isEqualTo("999999");
    assertThat(expand("{{ $value }}", -0.25)).isEqualTo("-0.25");
    assertThat(expand("{{ $value }}", Double.NaN)).isEqualTo("NaN");
    assertThat(expand("{{ $value }}", Double.POSITIVE_INFINITY)).isEqualTo("+Inf");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '~',
      value = {
        "{{ $labels.x => template: __alert_A:1: unclosed action",
        "{{ nope 1 }} => template: __alert_A:1: function \"nope\" not defined",
        "{{ $nope }} => template: __alert_A:1: undefined variable \"$nope\"",
        "{{ if true }}x => template: __alert_A:1: unexpected EOF: {{if}} without {{end}}",
        "{{ end }} => template: __alert_A:1: unexpected {{end}}",
        "{{ }} => template: __alert_A:1: missing value for command",
        "{{ 1 | 2 }} => template: __alert_A:1: non executable command in pipeline stage 2",
        "{{ break }} => template: __alert_A:1: {{break}} outside {{range}}",
        "{{ \"a }} => template: __alert_A:1: unterminated quoted string",
      })
  void refusesWhatCannotBeReadAndSaysWhere(String template, String message) {
    assertThatThrownBy(() -> AlertTexts.check("A", template)).hasMessage(message);
  }

  @Test
  void givesUpOnATemplateThatCallsItselfForever() {
    assertThat(expand("{{ define \"x\" }}{{ template \"x\" }}{{ end }}{{ template \"x\" }}"))
        .contains("exceeded maximum template depth");
  }
}
