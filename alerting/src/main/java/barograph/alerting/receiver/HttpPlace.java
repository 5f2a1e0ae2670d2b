package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome;
import barograph.storage.outbound.ClientSettings;
import java.io.IOException;
import java.time.Duration;

/// A place that is told over HTTP.
interface HttpPlace extends IntegrationConfig {

  ClientSettings http();

  /// Longest time for being told; 0 for whatever the notification has left.
  default Duration timeout() {
    return Duration.ZERO;
  }

  /// Sends what there is to be said.
  ///
  /// @throws IOException if no answer came: it is tried again
  Outcome tell(Telling telling) throws IOException, InterruptedException;

  @Override
  default Integration connect(Means means) {
    return new HttpIntegration(this, means);
  }
}
