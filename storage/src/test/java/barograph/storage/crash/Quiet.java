package barograph.storage.crash;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Silences the store's messages: it tells of every start and every fault, and these tests make
/// thousands.
public final class Quiet implements BeforeAllCallback, AfterAllCallback {
  private static final Logger LOG = Logger.getLogger("barograph");

  @Override
  public void beforeAll(ExtensionContext context) {
    LOG.setLevel(Level.OFF);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    LOG.setLevel(null);
  }
}
