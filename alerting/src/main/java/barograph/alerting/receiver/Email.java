package barograph.alerting.receiver;

import barograph.alerting.receiver.Integration.Outcome.Delivered;
import barograph.alerting.receiver.Integration.Outcome.Refused;
import barograph.alerting.template.NotificationTexts;
import barograph.storage.outbound.Secret.UnreadableSecretException;
import java.io.IOException;
import java.time.Duration;

/// Sends mail.
final class Email implements Integration {
  private final EmailConfig config;
  private final NotificationTexts texts;

  Email(EmailConfig config, NotificationTexts texts) {
    this.config = config;
    this.texts = texts;
  }

  @Override
  public String kind() {
    return config.kind();
  }

  @Override
  public boolean sendResolved() {
    return config.sendResolved();
  }

  @Override
  public Outcome tell(Notification notification, Duration timeout) {
    EmailMessage message;
    try {
      message = EmailMessage.of(config, notification, texts.of(notification::data));
    } catch (IllegalArgumentException e) {
      return new Refused(false, String.valueOf(e.getMessage()));
    }
    try (var session = SmtpSession.open(config.smtp(), timeout)) {
      session.send(message.from(), message.to(), message.bytes());
      return new Delivered();
    } catch (UnreadableSecretException e) {
      return new Refused(false, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      // Mail servers say no for many reasons that pass.
      return new Refused(true, e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
