package io.ghlgateway.edge;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.dispatch.Call;
import io.ghlgateway.dispatch.CallTrace;
import io.ghlgateway.dispatch.Obstacle;
import io.ghlgateway.dispatch.Outcome;
import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.dispatch.RefusedException;
import io.ghlgateway.edge.EdgeEvents.Answer;
import io.ghlgateway.highlevel.HeaderFilter;
import io.ghlgateway.highlevel.Reply;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.http.Cut;
import io.ghlgateway.tenancy.Caller;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request at the door and how it is answered. Ends exactly once, whatever happens; on the request's event loop. */
final class Visit {

    /** An upstream cannot speak in our name. */
    static final HeaderFilter NOT_SENT_TO_CALLER = new HeaderFilter(
            List.of("x-gateway-error", "preference-applied", "ratelimit", "ratelimit-policy"), List.of());

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final long arrived;
    private final BodyMemory memory;
    private final Ticker ticker;
    private final EdgeEvents events;
    private final ContextInternal context;
    private final Remainder remainder;
    private final String id;
    private final CallTrace trace;

    private Admission.@Nullable Decision decision;
    private @Nullable Call call;
    private Consumer<MultiMap> quota = headers -> {};
    private String cause = "-";
    private long keptBytes;
    private boolean over;
    /** Its call has an outcome; a write that goes on without its caller has none yet when the visit is over. */
    private boolean concluded;

    Visit(
            HttpServerRequest request,
            Supplier<String> ids,
            BodyMemory memory,
            Duration stall,
            Ticker ticker,
            EdgeEvents events) {
        this.request = request;
        this.response = request.response();
        this.arrived = ticker.read();
        this.memory = memory;
        this.ticker = ticker;
        this.events = events;
        this.context = ContextInternal.current();
        this.remainder = new Remainder(request, context, stall);
        this.id = RequestId.of(request, ids);
        this.trace = events.arrived(request);
        response.exceptionHandler(cause -> gone());
        response.closeHandler(closed -> {
            // An HTTP/2 stream is over with its last byte; whether the caller took that, the writing tells.
            if (!response.ended()) {
                gone();
            }
        });
    }

    HttpServerRequest request() {
        return request;
    }

    /** By the ticker, in nanoseconds. */
    long arrived() {
        return arrived;
    }

    /** Runs {@code action} on this request's event loop, at once if this is it; what it throws goes no further. */
    void atHome(Runnable action) {
        context.emit(nothing -> action.run());
    }

    void note(Admission.Decision decided) {
        decision = decided;
    }

    /** Makes room for a piece of the body until its call is over; false where there is none. */
    boolean keeps(long bytes) {
        if (over || !memory.take(bytes)) {
            return false;
        }
        keptBytes += bytes;
        return true;
    }

    /** @param limits writes where the quota stands that this request would be paid from */
    void showsQuota(Consumer<MultiMap> limits) {
        quota = limits;
    }

    void began(Call begun) {
        call = begun;
        begun.followedBy(trace);
        if (over) {
            begun.hangUp();
        }
    }

    private void gone() {
        if (!over) {
            end("caller_gone", response.headWritten() ? response.getStatusCode() : 0);
            if (call != null) {
                call.hangUp();
            }
        }
    }

    void conclude(@Nullable Outcome outcome, @Nullable Throwable failure) {
        concluded = true;
        try {
            answer(outcome, failure);
        } catch (RuntimeException defect) {
            discard(outcome);
            fail(defect);
        }
    }

    /** A defect of ours: told, and answered where nothing was tried yet; else no answer is better than none for ever. */
    void fail(RuntimeException defect) {
        if (!over && !concluded) {
            conclude(null, defect);
            return;
        }
        events.defect(id, defect);
        if (!over) {
            end(Code.INTERNAL.wire(), 0);
        }
        if (call != null) {
            call.hangUp();
        }
        Cut.off(request);
    }

    private void answer(@Nullable Outcome outcome, @Nullable Throwable failure) {
        if (over) {
            release();
            discard(outcome);
        } else if (outcome instanceof Outcome.Answered answered) {
            relay(answered.reply());
        } else if (outcome instanceof Outcome.Refused refused) {
            refuse(refused.refusal());
        } else if (failure instanceof RefusedException refused) {
            refuse(refused.refusal());
        } else if (outcome instanceof Outcome.CallerGone
                || failure instanceof HttpClosedException
                || failure instanceof StreamResetException) {
            gone();
        } else {
            events.defect(id, failure);
            refuse(Refusal.of(Code.INTERNAL, "the gateway failed; its log tells why under this request id"));
        }
    }

    private static void discard(@Nullable Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            answered.reply().discard();
        }
    }

    private void relay(Reply reply) {
        response.setStatusCode(reply.status());
        NOT_SENT_TO_CALLER.copyEndToEnd(reply.headers(), response.headers());
        writeOwnHeaders();
        remainder.announce();
        boolean bodiless = request.method() == HttpMethod.HEAD || reply.status() == 204 || reply.status() == 304;
        boolean unmeasured = !bodiless && !response.headers().contains(HttpHeaders.CONTENT_LENGTH);
        // Where there are no chunks, the end of the connection is the end of such a body.
        boolean closes = unmeasured && request.version() == HttpVersion.HTTP_1_0;
        if (closes) {
            response.putHeader("Connection", "close");
        } else if (unmeasured && request.version() == HttpVersion.HTTP_1_1) {
            response.setChunked(true);
        }
        var relayed = reply.relayTo(response);
        if (!bodiless && !closes && !response.headWritten()) {
            context.runOnContext(now -> sendHeadAlone());
        }
        relayed.onComplete((done, failure) -> {
            if (over) {
                return; // the caller left as the last byte was on its way
            }
            if (failure == null) {
                end(Answer.outcome(reply.status()), reply.status());
                if (closes) {
                    request.connection().close();
                } else {
                    remainder.readOff();
                }
            } else if (failure instanceof Reply.NotTaken) {
                gone();
                Cut.off(request);
            } else {
                end("broken", reply.status());
                Cut.off(request);
            }
        });
    }

    /** A body that did not come along with its head may be long in coming: an event stream's first event, say. */
    private void sendHeadAlone() {
        if (!over && !response.headWritten()) {
            response.writeHead().onFailure(gone -> {}); // which the response itself tells, too
        }
    }

    void refuse(Refusal refusal) {
        if (over) {
            return;
        }
        var problem = Problems.write(refusal, id, trace.id(), response);
        writeOwnHeaders();
        remainder.announce();
        cause = refusal.cause().map(Obstacle::wire).orElse(cause);
        end(refusal.code().wire(), refusal.code().status());
        remainder.watch(request.method() == HttpMethod.HEAD ? response.end() : response.end(problem.toBuffer()));
        remainder.readOff();
    }

    private void writeOwnHeaders() {
        var headers = response.headers();
        headers.set(RequestId.HEADER, id);
        if (decision != null) {
            decision.patience().tell(headers);
        }
        var caller = caller();
        if (caller != null) {
            Priority.tell(request.headers(), caller, headers);
        }
        quota.accept(headers);
        if (call != null) {
            cause = call.obstacle().map(Obstacle::wire).orElse("-");
            ServerTiming.add(call, cause, headers);
        }
    }

    /** What it took of the caller's places and of the memory for bodies. A second time does nothing. */
    private void release() {
        memory.release(keptBytes);
        keptBytes = 0;
        if (call != null) {
            call.leavesPlace();
        }
    }

    private void end(String outcome, int status) {
        over = true;
        if (call == null || concluded) {
            release();
        }
        var caller = caller();
        var tenant = call != null ? call.tenant() : decision == null ? null : decision.tenant();
        events.answered(new Answer(
                id,
                outcome,
                caller == null ? "-" : caller.name(),
                tenant == null ? "-" : tenant.id(),
                request.method(),
                decision == null ? Route.UNMATCHED : decision.route().label(),
                status,
                call == null ? 0 : call.attempts(),
                cause,
                Duration.ofNanos(call == null ? 0 : call.waitedNanos()),
                Duration.ofNanos(call == null ? 0 : call.upstreamNanos()),
                Duration.ofNanos(ticker.read() - arrived),
                trace));
    }

    private @Nullable Caller caller() {
        return decision == null ? null : decision.caller();
    }
}
