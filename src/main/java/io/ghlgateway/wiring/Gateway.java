package io.ghlgateway.wiring;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.admin.Health;
import io.ghlgateway.dispatch.Lanes;
import io.ghlgateway.edge.EdgeServer;
import io.ghlgateway.http.TlsFiles;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.telemetry.Meters;
import io.ghlgateway.telemetry.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running gateway: what its owner asks of it, and how it ends. {@link Assembly} made it. */
public final class Gateway {

    /**
     * What it is made of.
     *
     * @param publicDoor where customers connect; empty where no app is configured
     * @param ready see {@link Gateway#ready}
     */
    record Parts(
            Vertx vertx,
            Settings settings,
            Backing backing,
            Lanes lanes,
            Health health,
            Meters meters,
            List<EdgeServer> doors,
            HttpServer admin,
            Credentials credentials,
            Optional<Webhooks> webhooks,
            Optional<PublicDoor> publicDoor,
            Optional<Reload> reload,
            Optional<Tracing> tracing,
            Future<Void> ready) {}

    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

    /** The part of a drain that is left when those who wait are told that they do so in vain: what was sent last needs it for its answer. */
    private static final int FAREWELL = 3;
    /** For traces to be delivered; a collector that is down must not hold up the end. */
    private static final Duration FLUSH = Duration.ofSeconds(2);

    private final Parts parts;

    Gateway(Parts parts) {
        this.parts = parts;
    }

    /**
     * Opens all doors.
     *
     * @param vertx its owner closes it, after {@link #drain}
     * @param loops how many event loops it has
     * @param source where the settings were read from and can be read again
     * @param rehearsed until then the public door stays shut, and the gateway says that it is not ready
     * @return fails when a port is taken or the journal cannot be kept
     */
    public static Future<Gateway> start(
            Vertx vertx, int loops, Settings settings, Optional<ConfigSource> source, Future<Void> rehearsed) {
        return new Assembly(vertx, loops, settings, source, Ticker.systemTicker(), InstantSource.system(), rehearsed)
                .start();
    }

    /** Without a rehearsal, as in a process that is no new one. */
    public static Future<Gateway> start(Vertx vertx, int loops, Settings settings, Optional<ConfigSource> source) {
        return start(vertx, loops, settings, source, Future.succeededFuture());
    }

    public String proxyUrl() {
        return scheme(parts.settings().tls().proxy()) + parts.settings().proxy().host() + ":"
                + parts.doors().get(0).port();
    }

    public String adminUrl() {
        return scheme(parts.settings().tls().admin()) + parts.settings().admin().host() + ":"
                + parts.admin().actualPort();
    }

    private static String scheme(Optional<TlsFiles> tls) {
        return tls.isPresent() ? "https://" : "http://";
    }

    /** Where customers connect; empty where no app is configured. */
    public Optional<String> publicUrl() {
        return parts.publicDoor().map(PublicDoor::url);
    }

    public Credentials credentials() {
        return parts.credentials();
    }

    /** Empty where it was not started from a file. */
    public Optional<Reload> reload() {
        return parts.reload();
    }

    /**
     * Completed once requests can be served: with Redis, when it was seen for the first time. Fails where the tokens that are
     * kept were encrypted with another keyset.
     */
    public Future<Void> ready() {
        return parts.ready();
    }

    public int waiting() {
        return parts.lanes().waiting();
    }

    /**
     * Ends without a cut: not ready at once; after the lame duck no new requests; what is under way or waits may end
     * until the timeout, and who still waits when a third of it is left is told so.
     */
    public Future<Void> drain() {
        var drain = parts.settings().drain();
        var most = drain.timeout();
        parts.health().draining();
        LOG.info("draining: {} requests wait, and have {} ms", parts.lanes().waiting(), most.toMillis());
        var patience = after(drain.lameDuck().plus(most));
        var ended = parts.webhooks().map(Webhooks::end).orElseGet(Future::succeededFuture);
        return after(drain.lameDuck())
                .compose(quiet -> {
                    parts.health().closing();
                    var farewell = most.minus(most.dividedBy(FAREWELL));
                    parts.vertx()
                            .setTimer(
                                    Math.max(1, farewell.toMillis()),
                                    id -> parts.lanes().close());
                    return ProxyDoor.drain(parts.doors(), most);
                })
                .eventually(
                        () -> parts.publicDoor().map(door -> door.drain(most)).orElseGet(Future::succeededFuture))
                .eventually(() -> parts.admin().close())
                .eventually(() -> parts.webhooks()
                        .map(open -> open.close(ended, patience))
                        .orElseGet(Future::succeededFuture))
                .eventually(() -> parts.credentials().close(patience))
                .eventually(parts.backing().close()::get)
                .eventually(() -> parts.tracing()
                        .<Future<?>>map(open -> Future.any(open.close(), after(FLUSH)))
                        .orElseGet(Future::succeededFuture))
                .eventually(() -> {
                    parts.meters().close();
                    LOG.info("drained");
                    return Future.succeededFuture();
                });
    }

    private Future<?> after(Duration pause) {
        return pause.isZero() ? Future.succeededFuture() : parts.vertx().timer(pause.toMillis(), TimeUnit.MILLISECONDS);
    }
}
