package barograph.server.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a handler answers.
///
/// @param body the bytes to send, from position to limit; the server only reads them
/// @param compressible whether the client may be sent a compressed form
/// @param sent run once the body is sent, or never will be: whoever counts its memory listens
public record Response(
    int status, List<Header> headers, ByteBuffer body, boolean compressible, Runnable sent) {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /// One header line.
  public record Header(String name, String value) {}

  public Response {
    headers = List.copyOf(headers);
  }

  /// An answer of whose end nobody wants to hear.
  public Response(int status, List<Header> headers, ByteBuffer body, boolean compressible) {
    this(status, headers, body, compressible, () -> {});
  }

  /// A body of the given media type.
  public static Response of(int status, String contentType, ByteBuffer body) {
    return new Response(status, List.of(new Header("Content-Type", contentType)), body, true);
  }

  public static Response json(int status, ByteBuffer body) {
    return of(status, "application/json", body);
  }

  public static Response text(int status, String text) {
    return of(
        status,
        "text/plain; charset=utf-8",
        ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /// A status without a body.
  public static Response empty(int status) {
    return new Response(status, List.of(), NOTHING, false);
  }

  public static Response redirect(int status, String location) {
    return new Response(status, List.of(new Header("Location", location)), NOTHING, false);
  }

  /// This response with one more header.
  public Response with(String name, String value) {
    var more = new ArrayList<>(headers);
    more.add(new Header(name, value));
    return new Response(status, more, body, compressible, sent);
  }

  /// This response with another body, which takes the place of the first.
  Response withBody(ByteBuffer other) {
    return new Response(status, headers, other, false, sent);
  }

  /// This response, at whose end `listener` is run.
  public Response whenSent(Runnable listener) {
    return new Response(status, headers, body, compressible, listener);
  }
}
