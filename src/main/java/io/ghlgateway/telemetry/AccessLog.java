package io.ghlgateway.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.ghlgateway.edge.EdgeEvents;
import io.vertx.core.http.HttpMethod;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each answer, all of it in pairs of key and value, on the logger {@code access}. It names the route's
 * template, never the path or the query: those hold customers' data.
 */
public final class AccessLog implements EdgeEvents {

    /** Told in its backend's terms, for SLF4J's would have an event loop make each pair. */
    private static final ch.qos.logback.classic.Logger ACCESS =
            (ch.qos.logback.classic.Logger) LoggerFactory.getLogger("access");

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
            var line = new LoggingEvent(AccessLog.class.getName(), ACCESS, Level.INFO, "", null, null);
            line.setKeyValuePairs(new AccessPairs(answer));
            ACCESS.callAppenders(line);
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

    /** Its name, or {@code other}. */
    static String known(HttpMethod method) {
        return METHODS.contains(method) ? method.name() : "other";
    }
}
