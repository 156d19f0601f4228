package io.ghlgateway.telemetry;

import io.opentelemetry.api.common.AttributeKey;

/**
 * What spans say: OpenTelemetry's own names where there are any (semantic conventions of HTTP and databases), ours for the
 * rest. No path, no query, no header and no body is among it, and no token or key.
 */
final class SpanNames {

    static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    static final AttributeKey<String> TEMPLATE = AttributeKey.stringKey("url.template");
    static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    static final AttributeKey<Long> RESEND = AttributeKey.longKey("http.request.resend_count");
    static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
    static final AttributeKey<String> DATABASE = AttributeKey.stringKey("db.system.name");

    static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("ghl_gateway.request_id");
    static final AttributeKey<String> CALLER = AttributeKey.stringKey("ghl_gateway.caller");
    static final AttributeKey<String> APP = AttributeKey.stringKey("ghl_gateway.app");
    static final AttributeKey<String> RESOURCE = AttributeKey.stringKey("ghl_gateway.resource");
    static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("ghl_gateway.outcome");
    static final AttributeKey<String> CAUSE = AttributeKey.stringKey("ghl_gateway.cause");
    static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("ghl_gateway.attempt");
    static final AttributeKey<Long> ATTEMPTS = AttributeKey.longKey("ghl_gateway.attempts");

    private SpanNames() {}
}
