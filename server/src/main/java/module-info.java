import org.jspecify.annotations.NullMarked;

/// The program: wires every module together and speaks HTTP.
@NullMarked
module barograph.server {
  requires HdrHistogram;
  requires barograph.alerting;
  requires barograph.ingest;
  requires barograph.query;
  requires barograph.storage;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.http;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.unix.common;
  requires java.management;
  requires java.xml;
  requires jdk.management;
  requires jdk.unsupported;
  requires ch.qos.logback.classic;
  requires ch.qos.logback.core;
  requires chronicle.map;
  requires org.slf4j;
  requires org.snakeyaml.engine;
  requires tools.jackson.databind;
  requires static transitive org.jspecify;
}
