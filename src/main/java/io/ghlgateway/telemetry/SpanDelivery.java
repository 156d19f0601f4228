package io.ghlgateway.telemetry;

import com.github.benmanes.caffeine.cache.Ticker;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log when spans cannot be delivered, once a minute at most, and when they can again. Any thread. */
final class SpanDelivery implements SpanExporter {

    private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);
    private static final long EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final SpanExporter exporter;
    private final String endpoint;
    private final Ticker ticker;
    private boolean failing;
    private long toldAt;
    private long lost;

    SpanDelivery(SpanExporter exporter, URI endpoint, Ticker ticker) {
        this.exporter = exporter;
        this.endpoint = endpoint.getScheme() + "://" + endpoint.getRawAuthority(); // the rest may be a secret
        this.ticker = ticker;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size();
        var result = exporter.export(spans);
        result.whenComplete(() -> {
            if (result.isSuccess()) {
                delivered();
            } else {
                lost(count, result.getFailureThrowable());
            }
        });
        return result;
    }

    private synchronized void lost(int count, @Nullable Throwable cause) {
        lost += count;
        long now = ticker.read();
        if (!failing || now - toldAt >= EVERY_NANOS) {
            failing = true;
            toldAt = now;
            LOG.warn("traces cannot be delivered to {} ({}): {} spans are lost so far", endpoint, why(cause), lost);
        }
    }

    private synchronized void delivered() {
        if (failing) {
            failing = false;
            LOG.info("traces are delivered to {} again; {} spans were lost", endpoint, lost);
            lost = 0;
        }
    }

    private static String why(@Nullable Throwable cause) {
        var said = cause == null ? null : cause.getMessage();
        return said != null
                ? said
                : cause == null ? "it refuses them" : cause.getClass().getSimpleName();
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
