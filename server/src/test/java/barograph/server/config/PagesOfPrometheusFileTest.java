package barograph.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import barograph.ingest.exposition.HistogramWishes;
import barograph.ingest.otlp.OtlpSettings;
import barograph.ingest.scrape.NameEscaping;
import barograph.ingest.scrape.ScrapeProtocol;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `prometheus.yml` says of pages and messages: formats, names, histograms, OTLP.
class PagesOfPrometheusFileTest extends PrometheusFileText {
  @Test
  void readsHowPagesAreAskedForAndWhatIsTakenOfThem() {
    var config =
        read(
            """
            global: {scrape_native_histograms: true}
            scrape_configs:
              - job_name: natively
                scrape_classic_histograms: true
                native_histogram_bucket_limit: 100
                native_histogram_min_bucket_factor: 1.1
              - job_name: classically
                scrape_native_histograms: false
                metric_name_validation_scheme: legacy
              - job_name: converted
                scrape_native_histograms: false
                convert_classic_histograms_to_nhcb: true
              - job_name: named
                scrape_protocols: [PrometheusProto, OpenMetricsText0.0.1]
                metric_name_escaping_scheme: dots
            """);
    var natively = config.jobs().getFirst();
    assertThat(natively.histograms()).isEqualTo(new HistogramWishes(true, false, true, 100, 1.1));
    assertThat(natively.asking().protocols()).isEqualTo(ScrapeProtocol.WITH_NATIVE_HISTOGRAMS);
    var classically = config.jobs().get(1);
    assertThat(classically.histograms()).isEqualTo(HistogramWishes.CLASSIC);
    assertThat(classically.asking().protocols()).isEqualTo(ScrapeProtocol.DEFAULT);
    assertThat(classically.labelling().legacyNames()).isTrue();
    assertThat(classically.asking().escaping()).isEqualTo(NameEscaping.UNDERSCORES);
    assertThat(config.jobs().get(2).histograms())
        .isEqualTo(new HistogramWishes(false, true, false, 0, 0));
    var named = config.jobs().get(3);
    assertThat(named.asking().protocols())
        .containsExactly(ScrapeProtocol.PROMETHEUS_PROTO, ScrapeProtocol.OPEN_METRICS_0_0_1);
    assertThat(named.asking().escaping()).isEqualTo(NameEscaping.DOTS);
    assertThat(config.yaml())
        .contains(
            "scrape_native_histograms: true",
            "always_scrape_classic_histograms: true",
            "convert_classic_histograms_to_nhcb: true",
            "native_histogram_bucket_limit: 100",
            "native_histogram_min_bucket_factor: 1.1",
            "metric_name_validation_scheme: legacy",
            "metric_name_escaping_scheme: dots");
  }

  @Test
  void refusesNamesInUtf8WhereOnlyClassicOnesAreAllowed() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() ->
            read(
                """
                scrape_configs:
                  - job_name: a
                    metric_name_validation_scheme: legacy
                    metric_name_escaping_scheme: allow-utf-8
                """))
        .withMessageContaining("metric_name_escaping_scheme is allow-utf-8");
  }

  @Test
  void readsHowOpenTelemetrysMetricsBecomeSeries() {
    assertThat(read("{}").otlp()).isEqualTo(OtlpSettings.DEFAULT);
    assertThat(
            read("""
            otlp:
              promote_all_resource_attributes: true
              ignore_resource_attributes: [a.b]
              translation_strategy: NoTranslation
              keep_identifying_resource_attributes: true
              convert_histograms_to_nhcb: true
            """)
                .otlp())
        .isEqualTo(
            new OtlpSettings(
                OtlpSettings.Strategy.AS_SENT,
                true,
                Set.of(),
                Set.of("a.b"),
                true,
                true,
                false,
                false));
    assertThat(read("otlp: {promote_resource_attributes: [x, y]}").otlp().promoted())
        .containsExactlyInAnyOrder("x", "y");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "otlp: {translation_strategy: Morse} | unknown translation_strategy \"Morse\"",
        "otlp: {ignore_resource_attributes: [a]} | needs promote_all_resource_attributes",
        "otlp: {promote_all_resource_attributes: true, promote_resource_attributes: [a]} | cannot"
            + " both",
        "otlp: {label_name_underscore_sanitization: false} | only true is served so far",
      })
  void refusesAnOtlpSectionThatContradictsItself(String text, String words) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> read(text))
        .withMessageContaining(words);
  }
}
