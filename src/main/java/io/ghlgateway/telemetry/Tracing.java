package io.ghlgateway.telemetry;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.dispatch.CallTrace;
import io.ghlgateway.edge.EdgeEvents;
import io.ghlgateway.tenancy.Secret;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Traces of callers' requests, delivered by OTLP. With {@link Meters} the only importer of its library.
 *
 * <p>Spans are kept in a bounded queue and delivered by a thread of their own; those that find it full, or cannot be
 * delivered, are lost, and the log says so now and then. No request waits for any of it.
 */
public final class Tracing implements EdgeEvents {

    /**
     * How it is done.
     *
     * @param endpoint takes OTLP over HTTP, as protobuf
     * @param samplingRatio of the requests whose callers did not decide it, from 0 to 1
     * @param propagate whether HighLevel is told of the trace
     * @param hashIds whether locations and companies are named by a hash of their ids
     * @param sharedBudgets whether it is Redis that is asked when something is paid for
     */
    public record Setup(
            URI endpoint,
            Map<String, Secret> headers,
            String serviceName,
            double samplingRatio,
            boolean propagate,
            boolean hashIds,
            boolean sharedBudgets) {

        public Setup {
            headers = Map.copyOf(headers);
        }
    }

    /** What all traces of one gateway have in common. */
    record Common(Tracer tracer, BudgetNames names, boolean propagate, boolean sharedBudgets, Ticker ticker) {

        SpanBuilder span(String name, Context parent, long startEpochNanos) {
            return tracer.spanBuilder(name).setParent(parent).setStartTimestamp(startEpochNanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Some thousand requests of six spans, a kilobyte each at most. */
    private static final int MOST_SPANS = 8_192;

    /** Of the CPU that a delivery takes much is for the call, whatever it carries; some hundred kilobytes. */
    private static final int MOST_AT_ONCE = 2_048;

    private static final Duration DELIVERY = Duration.ofSeconds(10);

    private static final TextMapGetter<MultiMap> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(MultiMap headers) {
            return headers.names();
        }

        @Override
        public @Nullable String get(@Nullable MultiMap headers, String key) {
            return headers == null ? null : headers.get(key);
        }
    };

    private final SdkTracerProvider provider;
    private final Common common;
    private final InstantSource clock;

    /**
     * @param ticker the gateway's own: payments are dated by it
     * @param clock tells when requests arrived
     */
    public Tracing(Setup setup, Ticker ticker, InstantSource clock) {
        this.clock = clock;
        var exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(setup.endpoint().toString())
                .setTimeout(DELIVERY);
        exporter.setHeaders(() -> setup.headers().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, header -> header.getValue().reveal())));
        var delivery = new SpanDelivery(exporter.build(), setup.endpoint(), MOST_SPANS, ticker);
        provider = SdkTracerProvider.builder()
                .setResource(resource(setup.serviceName()))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(setup.samplingRatio())))
                .addSpanProcessor(counting(delivery))
                .addSpanProcessor(BatchSpanProcessor.builder(delivery)
                        .setMaxQueueSize(MOST_SPANS)
                        .setMaxExportBatchSize(MOST_AT_ONCE)
                        .setExporterTimeout(DELIVERY)
                        .build())
                .build();
        common = new Common(
                provider.get("io.ghlgateway"),
                new BudgetNames(setup.hashIds()),
                setup.propagate(),
                setup.sharedBudgets(),
                ticker);
    }

    private static SpanProcessor counting(SpanDelivery delivery) {
        return new SpanProcessor() {
            @Override
            public void onStart(Context parent, ReadWriteSpan span) {}

            @Override
            public boolean isStartRequired() {
                return false;
            }

            @Override
            public void onEnd(ReadableSpan span) {
                delivery.ended();
            }

            @Override
            public boolean isEndRequired() {
                return true;
            }
        };
    }

    private static Resource resource(String serviceName) {
        var version = Optional.ofNullable(Tracing.class.getPackage().getImplementationVersion());
        return Resource.getDefault()
                .merge(Resource.create(Attributes.builder()
                        .put("service.name", serviceName)
                        .put("service.version", version.orElse("dev"))
                        .put("service.instance.id", UUID.randomUUID().toString())
                        .build()));
    }

    @Override
    public CallTrace arrived(HttpServerRequest request) {
        var caller = W3CTraceContextPropagator.getInstance().extract(Context.root(), request.headers(), HEADERS);
        var method = AccessLog.known(request.method());
        var arrived = clock.instant();
        long epochNanos = TimeUnit.SECONDS.toNanos(arrived.getEpochSecond()) + arrived.getNano();
        var root = common.span(method, caller, epochNanos)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute(SpanNames.METHOD, method)
                .startSpan();
        return new RequestTrace(common, root, caller.with(root), method, epochNanos);
    }

    @Override
    public void answered(Answer answer) {
        if (answer.trace() instanceof RequestTrace trace) {
            trace.end(answer);
        }
    }

    @Override
    public void defect(String requestId, Throwable cause) {}

    /** Delivers what there is. Completes on any thread, also where that fails, but perhaps not soon. */
    public Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        provider.shutdown().whenComplete(closed::tryComplete);
        return closed.future();
    }
}
