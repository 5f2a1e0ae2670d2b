package barograph.storage.outbound;

import java.net.URI;
import java.nio.file.Path;

/// Whose keys sign requests to Amazon's services.
///
/// Those that are lent are kept, and asked for anew before they end.
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
  /// a while.
  ///
  /// @param externalId what the role's owner wants to be told, or empty
  /// @param region of the token service
  /// @param tokenService where it is
  record Role(AwsKeys owner, String arn, String externalId, String region, URI tokenService)
      implements AwsKeys {}

  /// Keys of a role that a workload may take on by a token that it finds in a file, as a pod of a
  /// Kubernetes does. The file is read each time keys are asked for.
  ///
  /// @param tokenService where they are lent
  record WebIdentity(Path token, String arn, String session, URI tokenService) implements AwsKeys {}

  /// Keys that a container's host lends it.
  ///
  /// @param token by which the host knows the container, empty if it wants none
  record Container(URI endpoint, Secret token) implements AwsKeys {}

  /// Keys that a machine's own role has, told by the machine's service about itself.
  ///
  /// @param about where that service is
  record Machine(URI about) implements AwsKeys {}
}
