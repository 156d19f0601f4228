package io.ghlgateway.telemetry;

import io.ghlgateway.edge.EdgeEvents;
import io.vertx.core.http.HttpMethod;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each answer, all of it in pairs of key and value, on the logger {@code access}. It names the route's
 * template, never the path or the query: those hold customers' data.
 */
public final class AccessLog implements EdgeEvents {

    private static final Logger ACCESS = LoggerFactory.getLogger("access");
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

    /** Of others the log says nothing: whatever a stranger writes in a method's place would stand in it. */
    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS,
            HttpMethod.TRACE,
            HttpMethod.CONNECT);

    @Override
    public void answered(Answer answer) {
        var line = ACCESS.atInfo().addKeyValue("request_id", answer.requestId());
        if (!answer.trace().id().isEmpty()) {
            line = line.addKeyValue("trace_id", answer.trace().id());
        }
        line.addKeyValue("method", known(answer.method()))
                .addKeyValue("route", answer.route())
                .addKeyValue("status", answer.status())
                .addKeyValue("outcome", answer.outcome())
                .addKeyValue("caller", answer.caller())
                .addKeyValue("tenant", answer.tenant())
                .addKeyValue("attempts", answer.attempts())
                .addKeyValue("cause", answer.cause())
                .addKeyValue("wait_ms", millis(answer.waited()))
                .addKeyValue("upstream_ms", millis(answer.upstream()))
                .addKeyValue("total_ms", millis(answer.total()))
                .log("");
    }

    @Override
    public void issuerKnown(String issuer, int keys) {
        if (keys == 0) {
            LOG.error("the issuer {} publishes no key of use: its tokens open nothing", issuer);
        } else {
            LOG.info("the issuer {} publishes other keys than before: {} of use", issuer, keys);
        }
    }

    @Override
    public void issuerSilent(String issuer, String why) {
        LOG.warn("the keys of the issuer {} cannot be fetched, and those known before stay: {}", issuer, why);
    }

    @Override
    public void defect(String requestId, Throwable cause) {
        LOG.error("a defect was answered with 500, request_id={}", requestId, cause);
    }

    /** Its name, or {@code other}. */
    static String known(HttpMethod method) {
        return METHODS.contains(method) ? method.name() : "other";
    }

    /** To a tenth. */
    private static BigDecimal millis(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos() / 100_000, 1);
    }
}
