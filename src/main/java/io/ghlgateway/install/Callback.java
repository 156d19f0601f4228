package io.ghlgateway.install;

import io.ghlgateway.highlevel.OAuthApi.Refused;
import io.ghlgateway.highlevel.OAuthApi.Unanswered;
import io.ghlgateway.install.InstallApp.Policy;
import io.ghlgateway.install.InstallEvents.Reason;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an installation: who comes back from HighLevel with a code is who left with our state, or the app's policy
 * says what that means. Only then is the code used. On the event loop of its server.
 */
final class Callback {

    private static final Logger LOG = LoggerFactory.getLogger(Callback.class);

    /**
     * Each costs a call to HighLevel's token endpoint that a customer's refresh waits behind. Real installations are
     * rare.
     */
    private static final int AT_ONCE = 4;

    /** Strangers can make up codes; what they take is no place of a customer who comes back with our state. */
    private static final int UNPROVEN_AT_ONCE = 2;

    private static final Pattern CODE = Pattern.compile("[!-~]{1,4096}");

    private final InstallState states;
    private final InstallCookie cookies;
    private final Claims claims;
    private final CodeExchange exchange;
    private final InstallEvents events;
    private final Pages pages;
    private final Semaphore proven = new Semaphore(AT_ONCE);
    private final Semaphore unproven = new Semaphore(UNPROVEN_AT_ONCE);

    Callback(
            InstallState states,
            InstallCookie cookies,
            Claims claims,
            CodeExchange exchange,
            InstallEvents events,
            Pages pages) {
        this.states = states;
        this.cookies = cookies;
        this.claims = claims;
        this.exchange = exchange;
        this.events = events;
        this.pages = pages;
    }

    void handle(InstallApp app, InstallQuery query, HttpServerRequest request) {
        var id = app.app();
        if (!query.isClear()) {
            refuse(id, Reason.MALFORMED, pages.malformed(id), request);
        } else if (query.error().isPresent()) {
            refuse(id, Reason.DECLINED, pages.declined(id, query.error().get()), request);
        } else if (query.code().filter(code -> CODE.matcher(code).matches()).isEmpty()) {
            refuse(id, Reason.MALFORMED, pages.malformed(id), request);
        } else if (query.state().isPresent()) {
            prove(id, query.state().get(), Secret.of(query.code().get()), request);
        } else if (app.unasked() == Policy.REFUSE) {
            refuse(id, Reason.UNASKED, pages.unasked(id), request);
        } else {
            complete(unproven, id, Secret.of(query.code().get()), app.unasked() == Policy.PENDING, request);
        }
    }

    /** A reused state is refused on every replica, and one that finds no room is not used up. */
    private void prove(App app, String state, Secret code, HttpServerRequest request) {
        var valid = cookies.read(app, request).flatMap(cookie -> states.verify(app, state, cookie));
        if (valid.isEmpty()) {
            refuse(app, Reason.STATE, pages.badState(app), request);
        } else if (!proven.tryAcquire()) {
            busy(app, request);
        } else {
            home(() -> claims.claim(valid.get().nonce(), valid.get().left()))
                    .onComplete(claim -> proven.release())
                    .onFailure(cause -> failed(app, cause, request))
                    .onSuccess(free -> {
                        if (free) {
                            cookies.clear(app, request.response());
                            complete(proven, app, code, false, request);
                        } else {
                            refuse(app, Reason.STATE, pages.badState(app), request);
                        }
                    });
        }
    }

    private void complete(Semaphore places, App app, Secret code, boolean pending, HttpServerRequest request) {
        if (!places.tryAcquire()) {
            busy(app, request);
            return;
        }
        home(() -> exchange.complete(app, code, pending))
                .onComplete(end -> places.release())
                .onFailure(cause -> failed(app, cause, request))
                .onSuccess(connected -> {
                    events.completed(app, connected.resource().kind(), connected.pending());
                    LOG.info(
                            "app {} is connected to {}{}",
                            app,
                            connected.resource(),
                            connected.pending() ? ", and waits for approval" : "");
                    pages.connected(app, connected).show(request.response());
                });
    }

    private void failed(App app, Throwable cause, HttpServerRequest request) {
        if (cause instanceof Refused refused) {
            LOG.warn("app {} was not connected: {}", app, refused.getMessage());
            refuse(app, Reason.CODE, pages.refused(app, refused.reason()), request);
        } else if (cause instanceof Unanswered) {
            LOG.warn("app {} was not connected: {}", app, cause.getMessage());
            refuse(app, Reason.UNANSWERED, pages.unanswered(app), request);
        } else {
            // Not its message: nobody has promised that it holds no secret.
            LOG.error("app {} was not connected, for a defect or a store that is out of reach: {}", app, where(cause));
            refuse(app, Reason.FAILED, pages.failed(app), request);
        }
    }

    private void busy(App app, HttpServerRequest request) {
        request.response().putHeader("Retry-After", "5");
        refuse(app, Reason.BUSY, pages.busy(), request);
    }

    private void refuse(App app, Reason reason, Page page, HttpServerRequest request) {
        events.refused(app, reason);
        page.show(request.response());
    }

    /** A seam's answer on the door's own event loop, also where the seam breaks its word and throws. */
    private static <T> Future<T> home(Supplier<Future<T>> seam) {
        var answer = Future.succeededFuture().compose(go -> seam.get());
        return Future.fromCompletionStage(answer.toCompletionStage(), ContextInternal.current());
    }

    private static String where(Throwable cause) {
        return Arrays.stream(cause.getStackTrace())
                .limit(8)
                .map(frame -> "\n\tat " + frame)
                .collect(Collectors.joining("", cause.getClass().getName(), ""));
    }
}
