package io.ghlgateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Takes spans as a collector does: OTLP over HTTP, as protobuf. */
final class Collector implements AutoCloseable {

    private static final HexFormat HEX = HexFormat.of();

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final List<String> resources = new CopyOnWriteArrayList<>();
    private final List<String> bytes = new CopyOnWriteArrayList<>();

    Collector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void take(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readAllBytes();
        heads.add(exchange.getRequestHeaders().entrySet().toString());
        bytes.add(new String(body, StandardCharsets.ISO_8859_1));
        for (var resource : ExportTraceServiceRequest.parseFrom(body).getResourceSpansList()) {
            resources.add(attributes(resource.getResource().getAttributesList()));
            resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
        }
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    List<Span> spans() {
        return List.copyOf(spans);
    }

    /** All that came, as bytes and heads. */
    String everything() {
        return String.join("\n", bytes) + resources;
    }

    List<String> heads() {
        return heads;
    }

    List<String> resources() {
        return resources;
    }

    Span span(String name, Span.SpanKind kind) {
        return spans.stream()
                .filter(span -> span.getName().equals(name) && span.getKind() == kind)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not among\n" + tree("")));
    }

    /** Those below the span of this id, in order of their beginnings, each by its name and what is told of it. */
    String tree(String parent) {
        return tree(parent, "");
    }

    private String tree(String parent, String indent) {
        return spans.stream()
                .filter(span -> hex(span.getParentSpanId().toByteArray()).equals(parent))
                .sorted((a, b) -> Long.compare(a.getStartTimeUnixNano(), b.getStartTimeUnixNano()))
                .map(span ->
                        indent + line(span) + "\n" + tree(hex(span.getSpanId().toByteArray()), indent + "  "))
                .collect(Collectors.joining());
    }

    private static String line(Span span) {
        return span.getName() + " "
                + span.getKind().name().substring("SPAN_KIND_".length()).toLowerCase(java.util.Locale.ROOT)
                + attributes(span.getAttributesList());
    }

    private static String attributes(List<KeyValue> attributes) {
        return attributes.stream()
                .map(one -> " " + one.getKey() + "="
                        + (one.getValue().hasIntValue()
                                ? String.valueOf(one.getValue().getIntValue())
                                : one.getValue().getStringValue()))
                .sorted()
                .collect(Collectors.joining());
    }

    static String hex(byte[] id) {
        return HEX.formatHex(id);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
