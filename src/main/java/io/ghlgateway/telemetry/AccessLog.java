package io.ghlgateway.telemetry;

import io.ghlgateway.edge.EdgeEvents;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each answer, as {@code key=value} pairs, on the logger {@code access}. It names the route's template,
 * never the path or the query: those hold customers' data.
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
        if (ACCESS.isInfoEnabled()) {
            ACCESS.info(line(answer));
        }
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

    static String line(Answer answer) {
        return new StringBuilder(256)
                .append("request_id=")
                .append(answer.requestId())
                .append(" method=")
                .append(METHODS.contains(answer.method()) ? answer.method().name() : "other")
                .append(" route=")
                .append(answer.route())
                .append(" status=")
                .append(answer.status())
                .append(" outcome=")
                .append(answer.outcome())
                .append(" caller=")
                .append(answer.caller())
                .append(" tenant=")
                .append(answer.tenant())
                .append(" attempts=")
                .append(answer.attempts())
                .append(" cause=")
                .append(answer.cause())
                .append(" wait_ms=")
                .append(millis(answer.waited()))
                .append(" upstream_ms=")
                .append(millis(answer.upstream()))
                .append(" total_ms=")
                .append(millis(answer.total()))
                .toString();
    }

    private static String millis(Duration duration) {
        long tenths = duration.toNanos() / 100_000;
        return tenths / 10 + "." + tenths % 10;
    }
}
