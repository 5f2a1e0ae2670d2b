package barograph.storage.outbound;

import java.net.URI;
import java.nio.file.Path;

/// Whose keys sign requests to Amazon's services.
public sealed interface AwsKeys {

  /// Keys that are given.
  ///
  /// @param sessionToken empty for keys that last
  record Given(String accessKey, Secret secretKey, Secret sessionToken) implements AwsKeys {
    public Given {
      if (accessKey.isEmpty()) {
        throw new IllegalArgumentException("the access key is empty");
      }
    }
  }

  /// Keys in a profile of a shared credentials file, which is read each time they are used.
  record Profile(Path file, String name) implements AwsKeys {}

  /// Keys of a role that the owner of other keys may take on. Amazon's token service lends them for
  /// a while; they are asked for anew before they end.
  ///
  /// @param externalId what the role's owner wants to be told, or empty
  /// @param region of the token service
  /// @param tokenService where it is
  record Role(AwsKeys owner, String arn, String externalId, String region, URI tokenService)
      implements AwsKeys {}
}
