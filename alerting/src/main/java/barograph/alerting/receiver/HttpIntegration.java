package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome.Refused;
import barograph.alerting.template.TemplateException;
import barograph.storage.outbound.Secret.UnreadableSecretException;
import java.io.IOException;
import java.time.Duration;

/// Tells a place over HTTP, and says what becomes of failures that all places have in common.
final class HttpIntegration implements Integration {
  private final HttpPlace place;
  private final Means means;

  HttpIntegration(HttpPlace place, Means means) {
    this.place = place;
    this.means = means;
  }

  @Override
  public String kind() {
    return place.kind();
  }

  @Override
  public boolean sendResolved() {
    return place.sendResolved();
  }

  @Override
  public Outcome tell(Notification notification, Duration timeout) throws InterruptedException {
    var own = place.timeout();
    var longest = own.isZero() || own.compareTo(timeout) > 0 ? timeout : own;
    var telling = new Telling(notification, means, place.http(), longest);
    try {
      return place.tell(telling);
    } catch (TemplateException e) {
      return new Refused(false, String.valueOf(e.getMessage()));
    } catch (UnreadableSecretException e) {
      return new Refused(false, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Refused(true, telling.withoutAddresses(e));
    }
  }
}
