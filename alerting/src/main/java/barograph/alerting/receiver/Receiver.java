package barograph.alerting.receiver;

import java.util.List;

/// A name that routes refer to, with all the places that hear what is sent there.
public record Receiver(String name, List<WebhookConfig> webhooks) {
  public Receiver {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("missing name in receiver");
    }
    webhooks = List.copyOf(webhooks);
  }
}
