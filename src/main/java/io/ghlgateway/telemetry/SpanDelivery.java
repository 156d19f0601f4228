package io.ghlgateway.telemetry;

import com.github.benmanes.caffeine.cache.Ticker;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when spans are lost, once a minute at most, and when they are no more: they cannot be delivered, or they
 * come faster than they can. Any thread.
 */
final class SpanDelivery implements SpanExporter {

    private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);
    private static final long EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final SpanExporter exporter;
    private final String endpoint;
    private final Ticker ticker;
    private final int queue;
    private final LongAdder ended = new LongAdder();
    private long taken;
    /** Whether the last that was said of it is that they are lost. */
    private boolean failing;

    private boolean everTold;
    private long toldAt;
    private long lost;

    /** @param queue how many spans wait for delivery at most */
    SpanDelivery(SpanExporter exporter, URI endpoint, int queue, Ticker ticker) {
        this.exporter = exporter;
        this.queue = queue;
        // The rest may be a secret.
        this.endpoint = endpoint.getScheme() + "://" + endpoint.getHost()
                + (endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort());
        this.ticker = ticker;
    }

    /** One more is to be delivered; whether the queue has room for it, nobody tells. */
    void ended() {
        ended.increment();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        int count = spans.size();
        taken(count);
        var result = exporter.export(spans);
        result.whenComplete(() -> {
            if (result.isSuccess()) {
                delivered();
            } else {
                lost(count, why(result.getFailureThrowable()));
            }
        });
        return result;
    }

    /** What was neither taken so far nor has room in the queue was dropped. */
    private synchronized void taken(int count) {
        long dropped = ended.sum() - taken - count - queue;
        taken += count;
        if (dropped > 0) {
            taken += dropped;
            lost(dropped, "they come faster than it takes them");
        }
    }

    private synchronized void lost(long count, String why) {
        lost += count;
        long now = ticker.read();
        // Also where some were delivered meanwhile: losses that come and go would be said with each batch.
        if (!everTold || now - toldAt >= EVERY_NANOS) {
            everTold = true;
            failing = true;
            toldAt = now;
            LOG.warn("traces cannot be delivered to {} ({}): {} spans are lost so far", endpoint, why, lost);
        }
    }

    private synchronized void delivered() {
        if (failing && ended.sum() - taken < queue) {
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
