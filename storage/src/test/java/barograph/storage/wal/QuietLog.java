package barograph.storage.wal;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Silences the log's messages: it tells of every torn end, and tests make thousands.
final class QuietLog implements BeforeAllCallback, AfterAllCallback {
  private static final Logger LOG = Logger.getLogger("barograph.log");

  @Override
  public void beforeAll(ExtensionContext context) {
    LOG.setLevel(Level.OFF);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    LOG.setLevel(null);
  }
}
