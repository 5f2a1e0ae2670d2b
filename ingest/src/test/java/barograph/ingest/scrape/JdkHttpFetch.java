package barograph.ingest.scrape;

import barograph.storage.outbound.Credentials;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Fetches with the JDK's own client: enough of an outbound client for tests.
final class JdkHttpFetch implements HttpFetch, AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();

  @Override
  public Response get(Request request) throws IOException, InterruptedException {
    var builder = HttpRequest.newBuilder(request.uri()).timeout(request.timeout());
    request.headers().forEach(builder::header);
    if (request.settings().credentials() instanceof Credentials.Basic(var name, var password)) {
      byte[] pair = (name.reveal() + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
      builder.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    }
    try {
      HttpResponse<byte[]> response =
          client.send(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (response.body().length > request.bodyLimitBytes()) {
        throw new BodyTooLargeException();
      }
      return new Response(
          response.statusCode(),
          "",
          response.headers().firstValue("Content-Type").orElse(null),
          response.headers().firstValue("Content-Encoding").orElse(null),
          ByteBuffer.wrap(response.body()));
    } catch (HttpTimeoutException e) {
      throw (IOException) new SocketTimeoutException(e.getMessage()).initCause(e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
