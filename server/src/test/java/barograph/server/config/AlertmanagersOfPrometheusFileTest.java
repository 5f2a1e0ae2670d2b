package barograph.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import barograph.ingest.discovery.TargetGroup;
import barograph.storage.model.Labels;
import barograph.storage.outbound.Credentials;
import barograph.storage.outbound.Secret;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The `alerting` section of `prometheus.yml`: which Alertmanagers are told.
class AlertmanagersOfPrometheusFileTest extends PrometheusFileText {
  @Test
  void otherAlertmanagersAreFoundWithTheirPathsAndCredentials() {
    var config =
        read(
            """
            alerting:
              alert_relabel_configs:
                - {action: labeldrop, regex: replica}
              alertmanagers:
                - static_configs: [{targets: ['a:9093', 'skip:1'], labels: {zone: x}}]
                  relabel_configs:
                    - {source_labels: [__address__], regex: 'skip.*', action: drop}
                - {scheme: https, path_prefix: /am/, timeout: 3s, basic_auth: {username: u, password: pw},
                   static_configs: [{targets: [b]}],
                   alert_relabel_configs: [{action: keep, source_labels: [severity], regex: page}]}
            """);
    var active =
        config.alertSending().alertmanagers().stream()
            .flatMap(set -> set.with(List.of()).active().stream())
            .toList();
    assertThat(active)
        .extracting(found -> found.alertsUrl() + " " + found.timeout())
        .containsExactly("http://a:9093/api/v2/alerts PT10S", "https://b/am/api/v2/alerts PT3S");
    assertThat(active.getLast().client().credentials())
        .isEqualTo(new Credentials.Basic(Secret.of("u"), Secret.of("pw")));
    var labels = Labels.of("alertname", "A", "replica", "1");
    assertThat(config.alertSending().relabeling().apply(labels))
        .isEqualTo(Labels.of("alertname", "A"));
    assertThat(active.getLast().relabeling().apply(labels)).isNull();
    assertThat(config.alertSending().alertmanagers().getFirst().with(List.of()).dropped())
        .containsExactly("http://skip:1/api/v2/alerts");
    assertThat(config.yaml()).contains("path_prefix: /am/", "<secret>").doesNotContain("pw");
  }

  @Test
  void alertmanagersAreDiscoveredAndNamedByTheirLabels() {
    var set =
        read("""
        alerting:
          alertmanagers:
            - file_sd_configs: [{files: [am/*.json]}]
              http_sd_configs: [{url: "http://sd/am"}]
              path_prefix: /am
              relabel_configs:
                - {source_labels: [team], regex: other, action: drop}
                - {source_labels: [__address__], regex: '(.*):.*', replacement: '$1:9094', target_label: __address__}
        """)
            .alertSending()
            .alertmanagers()
            .getFirst();
    assertThat(set.discoveries()).hasSize(2);
    var found =
        set.with(
            List.of(
                TargetGroup.of(List.of("a:1", "a:2", "b:1"), Labels.of("__scheme__", "https")),
                TargetGroup.of(List.of("c:1"), Labels.of("team", "other"))));
    assertThat(found.active())
        .extracting(alertmanager -> alertmanager.alertsUrl().toString())
        .containsExactly("https://a:9094/am/api/v2/alerts", "https://b:9094/am/api/v2/alerts");
    assertThat(found.dropped()).containsExactly("http://c:1/am/api/v2/alerts");
  }
}
