package io.ghlgateway.telemetry;

import io.ghlgateway.dispatch.Call;
import io.ghlgateway.dispatch.CallTrace;
import io.ghlgateway.dispatch.Obstacle;
import io.ghlgateway.edge.EdgeEvents.Answer;
import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.Upstream;
import io.ghlgateway.highlevel.Upstream.Exchange;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one request: below that of the request itself one for each wait (and in it the token, the connection and the
 * payment), for each attempt, and for each pause after one. On the request's event loop.
 *
 * <p>A request that is not sampled has an id and no spans.
 */
final class RequestTrace implements CallTrace {

    private final Tracing.Common common;
    private final Span request;
    private final Context context;
    private final String method;
    private final boolean sampled;
    /** What turns readings of the monotonic clock into the time of day, so that all spans of a trace fit together. */
    private final long epochOffset;

    private String template = "";
    private int attempt;
    /** A wait, a pause or an attempt. */
    private @Nullable Span step;
    /** Within a wait: the token, or the connection. */
    private @Nullable Span part;

    private boolean over;

    /**
     * @param context of the request's span
     * @param now since 1970, in nanoseconds
     */
    RequestTrace(Tracing.Common common, Span request, Context context, String method, long now) {
        this.common = common;
        this.request = request;
        this.context = context;
        this.method = method;
        this.sampled = request.isRecording();
        this.epochOffset = now - common.ticker().read();
    }

    @Override
    public String id() {
        return request.getSpanContext().getTraceId();
    }

    @Override
    public void began(Call call) {
        if (follows()) {
            template = call.route().label();
            request.setAttribute(SpanNames.APP, call.tenant().app().id());
            request.setAttribute(
                    SpanNames.RESOURCE, common.names().of(call.tenant().resource()));
        }
    }

    @Override
    public void waits(int attempt) {
        this.attempt = attempt;
        if (follows()) {
            begin(span("wait", context).setAttribute(SpanNames.ATTEMPT, (long) attempt));
        }
    }

    @Override
    public void pauses() {
        if (follows()) {
            begin(span("pause", context));
        }
    }

    @Override
    public void met(Obstacle obstacle) {
        if (step != null) {
            step.setAttribute(SpanNames.CAUSE, obstacle.wire());
        }
    }

    @Override
    public void fetchesToken() {
        part("token");
    }

    @Override
    public void connects() {
        part("connect");
    }

    @Override
    public void connected(@Nullable Throwable failure) {
        endPart(failure);
    }

    private void endPart(@Nullable Throwable failure) {
        var ended = part;
        part = null;
        end(ended, failure);
    }

    @Override
    public void sends(Exchange exchange, long paidAt) {
        if (!follows()) {
            tell(exchange, context);
            return;
        }
        if (step != null) {
            var spend = common.span("spend", context.with(step), epochOffset + paidAt);
            if (common.sharedBudgets()) {
                spend.setSpanKind(SpanKind.CLIENT).setAttribute(SpanNames.DATABASE, "redis");
            }
            end(spend.startSpan(), null);
        }
        var send = span(method + " " + template, context)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute(SpanNames.METHOD, method)
                .setAttribute(SpanNames.TEMPLATE, template)
                .setAttribute(SpanNames.ATTEMPT, (long) attempt);
        if (attempt > 1) {
            send.setAttribute(SpanNames.RESEND, attempt - 1L);
        }
        tell(exchange, context.with(begin(send)));
    }

    private void tell(Exchange exchange, Context from) {
        if (common.propagate()) {
            W3CTraceContextPropagator.getInstance().inject(from, exchange, (carrier, name, value) -> {
                if (carrier != null) {
                    carrier.addHeader(name, value);
                }
            });
        }
    }

    @Override
    public void cameBack(@Nullable Reply head, @Nullable Throwable failure) {
        var send = step;
        step = null;
        if (send != null && head != null) {
            send.setAttribute(SpanNames.STATUS, (long) head.status());
            if (head.status() >= 400) {
                send.setAttribute(SpanNames.ERROR, String.valueOf(head.status()))
                        .setStatus(StatusCode.ERROR);
            }
        }
        end(send, failure);
    }

    /** The request was answered, or given up. What is told after it is not heard. */
    void end(Answer answer) {
        endStep();
        over = true;
        if (!sampled) {
            return;
        }
        request.updateName(method + " " + answer.route());
        request.setAttribute(SpanNames.ROUTE, answer.route())
                .setAttribute(SpanNames.REQUEST_ID, answer.requestId())
                .setAttribute(SpanNames.CALLER, answer.caller())
                .setAttribute(SpanNames.OUTCOME, answer.outcome())
                .setAttribute(SpanNames.CAUSE, answer.cause())
                .setAttribute(SpanNames.ATTEMPTS, (long) answer.attempts());
        if (answer.status() > 0) {
            request.setAttribute(SpanNames.STATUS, (long) answer.status());
        }
        if (answer.status() >= 500 || answer.outcome().equals("broken")) {
            request.setAttribute(SpanNames.ERROR, answer.outcome()).setStatus(StatusCode.ERROR);
        }
        end(request, null);
    }

    private boolean follows() {
        return sampled && !over;
    }

    private SpanBuilder span(String name, Context parent) {
        return common.span(name, parent, now());
    }

    private long now() {
        return epochOffset + common.ticker().read();
    }

    private Span begin(SpanBuilder next) {
        endStep();
        var begun = next.startSpan();
        step = begun;
        return begun;
    }

    private void part(String name) {
        endPart(null);
        if (follows() && step != null) {
            part = span(name, context.with(step)).startSpan();
        }
    }

    private void endStep() {
        endPart(null);
        end(step, null);
        step = null;
    }

    /** What failed is told by its kind: messages may hold what a trace must not. */
    private void end(@Nullable Span span, @Nullable Throwable failure) {
        if (span == null) {
            return;
        }
        if (failure != null) {
            var kind = failure instanceof Upstream.Failed failed
                    ? failed.stage().name().toLowerCase(Locale.ROOT)
                    : failure.getClass().getSimpleName();
            span.setAttribute(SpanNames.ERROR, kind).setStatus(StatusCode.ERROR);
        }
        span.end(now(), TimeUnit.NANOSECONDS);
    }
}
