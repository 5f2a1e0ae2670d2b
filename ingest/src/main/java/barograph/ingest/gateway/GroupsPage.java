package barograph.ingest.gateway;

import barograph.ingest.exposition.PageFormat;
import barograph.ingest.scrape.HttpFetch;
import java.nio.ByteBuffer;

/// All groups as one page of messages, for a scraper within this process; no other page is to be
/// had of it.
public final class GroupsPage implements HttpFetch {
  private final PushGateway gateway;

  public GroupsPage(PushGateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public Response get(Request request) throws BodyTooLargeException {
    byte[] page = gateway.page();
    if (page.length > request.bodyLimitBytes()) {
      throw new BodyTooLargeException();
    }
    return new Response(200, "OK", PageFormat.PROTOBUF.mediaType(), null, ByteBuffer.wrap(page));
  }
}
