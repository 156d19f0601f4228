package io.ghlgateway.simulator;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Open-model load: calls are made when they are due, whether or not earlier ones were answered, and each one's latency
 * runs from the moment at which it was due, so that a slow server can't hide its slowness by slowing the caller. Due
 * times are absolute: what is late is caught up. Runs on one event loop of its own.
 */
public final class Traffic {

    private static final Duration PROGRESS = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final TrafficOptions options;
    private final Consumer<TrafficReport> onProgress;
    private final LongSupplier clock;
    private final RandomGenerator random;
    private final HttpClient client;
    private final Tally tally;
    private final Promise<TrafficReport> finished = Promise.promise();

    private Optional<UpstreamCounts> before = Optional.empty();
    private Optional<UpstreamCounts> latest = Optional.empty();
    private Optional<Long> acceptedInTime = Optional.empty();
    private long began;
    private long due;

    private Traffic(
            Vertx vertx,
            TrafficOptions options,
            Consumer<TrafficReport> onProgress,
            LongSupplier clock,
            RandomGenerator random) {
        this.vertx = vertx;
        this.options = options;
        this.onProgress = onProgress;
        this.clock = clock;
        this.random = random;
        this.client = vertx.createHttpClient(
                // Let go of idle connections before the server does, or a call meets one that is just closing.
                new HttpClientOptions().setKeepAliveTimeout(5),
                new PoolOptions().setHttp1MaxSize(options.connections()).setMaxWaitQueueSize(-1));
        this.tally = new Tally(random);
    }

    /** Completes when every call has ended or the drain is over; fails only if a named simulator can't be asked. */
    public static Future<TrafficReport> run(Vertx vertx, TrafficOptions options) {
        return run(vertx, options, progress -> {});
    }

    /** @param onProgress called about once a second on the traffic's event loop, with the figures so far */
    public static Future<TrafficReport> run(Vertx vertx, TrafficOptions options, Consumer<TrafficReport> onProgress) {
        Driver driver = new Driver(options, onProgress);
        return vertx.deployVerticle(driver)
                .compose(deployment -> driver.report()
                        .transform((report, failure) -> vertx.undeploy(deployment)
                                .transform((undeployed, ignored) -> failure == null
                                        ? Future.succeededFuture(report)
                                        : Future.failedFuture(failure))));
    }

    private Future<TrafficReport> start() {
        return askUpstream().compose(counts -> {
            before = counts;
            began = clock.getAsLong();
            due = began + gap();
            long progress = vertx.setPeriodic(PROGRESS.toMillis(), tick -> progress());
            callWhatIsDue();
            return finished.future().onComplete(done -> vertx.cancelTimer(progress));
        });
    }

    private void callWhatIsDue() {
        long end = began + options.duration().toNanos();
        long now = clock.getAsLong();
        for (; due <= now && due < end; due += gap()) {
            call(due);
        }
        if (due < end) {
            at(due, this::callWhatIsDue);
        } else {
            at(end, this::lastCallMade);
        }
    }

    private void call(long dueAt) {
        tally.sent();
        String[] target = pick(options.targets()).split(" ", 2);
        HttpMethod method = HttpMethod.valueOf(target[0]);
        RequestOptions request = new RequestOptions()
                .setMethod(method)
                .setHost(options.url().getHost())
                .setPort(options.url().getPort() < 0 ? 80 : options.url().getPort())
                .setURI(target[1].replace("{n}", Integer.toString(1 + random.nextInt(1000))))
                .putHeader("Authorization", "Bearer " + pick(options.keys()))
                .putHeader("Version", "2021-07-28")
                .putHeader("Accept", "application/json");
        options.patience().ifPresent(patience -> request.putHeader("Prefer", "wait=" + patience.toSeconds()));
        options.headers().forEach(request::putHeader);
        client.request(request)
                .compose(open -> method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT)
                        ? open.putHeader("Content-Type", "application/json").send(contact())
                        : open.send())
                .compose(response -> response.body().map(response))
                .onSuccess(response -> tally.answered(
                        response.statusCode(), response.headers(), Duration.ofNanos(clock.getAsLong() - dueAt)))
                .onFailure(tally::failed)
                .onComplete(ended -> finishIfDone());
    }

    private void lastCallMade() {
        vertx.timer(options.drain().toMillis(), TimeUnit.MILLISECONDS).onSuccess(over -> finish());
        refresh().onComplete(asked -> {
            acceptedInTime = Optional.of(accepted());
            finishIfDone();
        });
    }

    private void finishIfDone() {
        if (acceptedInTime.isPresent()
                && tally.isComplete()
                && !finished.future().isComplete()) {
            finish();
        }
    }

    private void finish() {
        refresh().onComplete(asked -> finished.tryComplete(report(options.duration())));
    }

    private void progress() {
        Duration run = Duration.ofNanos(clock.getAsLong() - began);
        refresh()
                .onComplete(asked ->
                        onProgress.accept(report(run.compareTo(options.duration()) < 0 ? run : options.duration())));
    }

    private TrafficReport report(Duration run) {
        return tally.report(options, run, upstream(), acceptedInTime.orElseGet(this::accepted));
    }

    private long accepted() {
        return upstream().map(UpstreamCounts::accepted).orElse(tally.ok());
    }

    private Optional<UpstreamCounts> upstream() {
        return latest.flatMap(now -> before.map(now::since));
    }

    /** A simulator that no longer answers leaves us with what it said last. */
    private Future<Void> refresh() {
        return askUpstream()
                .onSuccess(counts -> latest = counts)
                .otherwise(latest)
                .mapEmpty();
    }

    private Future<Optional<UpstreamCounts>> askUpstream() {
        Optional<URI> simulator = options.simulator();
        return simulator.isEmpty()
                ? Future.succeededFuture(Optional.empty())
                : UpstreamCounts.ask(client, simulator.get(), options.resources())
                        .map(Optional::of);
    }

    private void at(long moment, Runnable action) {
        // Rounded up: a timer that fires early would find nothing due and set itself again.
        long millis = Math.max(1, (moment - clock.getAsLong() + 999_999) / 1_000_000);
        vertx.setTimer(millis, timer -> action.run());
    }

    private long gap() {
        return options.arrivals().gap(options.rate(), random).toNanos();
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private Buffer contact() {
        return new JsonObject()
                .put("firstName", "Ada")
                .put("lastName", "Number " + random.nextInt(1000))
                .toBuffer();
    }

    /** Gives the traffic its event loop. */
    private static final class Driver extends VerticleBase {
        private final TrafficOptions options;
        private final Consumer<TrafficReport> onProgress;
        private final Promise<TrafficReport> report = Promise.promise();

        Driver(TrafficOptions options, Consumer<TrafficReport> onProgress) {
            this.options = options;
            this.onProgress = onProgress;
        }

        @Override
        public Future<?> start() {
            new Traffic(vertx, options, onProgress, System::nanoTime, new SplittableRandom())
                    .start()
                    .onComplete(report::handle);
            return Future.succeededFuture();
        }

        Future<TrafficReport> report() {
            return report.future();
        }
    }
}
