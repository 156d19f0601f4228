package io.ghlgateway.webhooks;

import io.ghlgateway.http.HttpDoor;
import io.ghlgateway.http.WholeAnswer;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.webhooks.WholeBodies.NoBody;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code /external-auth/APP} and what is below it: HighLevel's calls to the developer's own authentication at an install,
 * brought to an internal service and answered with what that says. Both kinds come through here: keys and passwords are
 * one POST; OAuth is a browser at an authorization page (a redirect is passed on, not followed), a POST for tokens and a
 * call to test them. What is in the bodies are customers' secrets: they are kept nowhere. On the event loop of its server.
 *
 * <p>Only a call with the app's key is signed, so that a signature always means that HighLevel called. A customer's browser
 * has no key: a GET without one goes through, unsigned and said to be unverified, and the service is the judge; so does
 * everything where no key is configured.
 */
public final class ExternalAuthRelay implements Handler<HttpServerRequest> {

    public static final String PATH = "/external-auth/";
    static final String KEY_HEADER = "X-External-Auth-Key";
    private static final String VERIFIED_HEADER = "X-External-Auth-Verified";

    /** Takes each segment for good: to keep open what else it could be takes a stack as deep as the path. */
    private static final Pattern TARGET =
            Pattern.compile("/external-auth/([A-Za-z0-9][A-Za-z0-9._-]*)((?:/[A-Za-z0-9_-]++)*+)(?:\\?([!-~]*))?");

    private static final List<String> ASKED = List.of("Content-Type", "Accept", "Authorization");
    private static final List<String> ANSWERED = List.of("Content-Type", "Location", "WWW-Authenticate");
    private static final int LARGEST = 64 << 10;
    private static final Duration BODY_WITHIN = Duration.ofSeconds(10);
    private static final long BODIES_TOGETHER = 8L << 20;
    private static final int CONNECTIONS = 32;
    private static final int WAITING = 128;
    private static final ShortAnswers ANSWERS = new ShortAnswers("1");
    private static final String CROWDED = "too many ask at once; ask again";

    private final Map<String, ExternalAuth> services;
    private final HttpClient client;
    private final HttpClient strangersClient;
    private final WholeBodies bodies;
    private final WholeBodies strangersBodies;
    private final WholeBodies noBodies;
    private final InstantSource clock;
    private final WebhookEvents events;

    public ExternalAuthRelay(
            Vertx vertx, Collection<ExternalAuth> services, InstantSource clock, WebhookEvents events) {
        this.services = services.stream()
                .collect(Collectors.toUnmodifiableMap(service -> service.app().id(), Function.identity()));
        // Whoever has no key may fill what there is for strangers, and keeps out nobody who has one.
        this.client = client(vertx);
        this.strangersClient = client(vertx);
        this.bodies = new WholeBodies(vertx, LARGEST, BODY_WITHIN, BODIES_TOGETHER);
        this.strangersBodies = new WholeBodies(vertx, LARGEST, BODY_WITHIN, BODIES_TOGETHER);
        this.noBodies = new WholeBodies(vertx, 0, BODY_WITHIN, LARGEST);
        this.clock = clock;
        this.events = events;
    }

    private static HttpClient client(Vertx vertx) {
        return vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(5_000),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING));
    }

    /** Matches where this is one of ours: app, path and query. */
    static Matcher target(String uri) {
        return TARGET.matcher(uri);
    }

    /**
     * A call for a service.
     *
     * @param below what stands after the app in its path
     * @param isVerified whether it has the app's key
     * @param began by {@link System#nanoTime}
     */
    private record Call(
            ExternalAuth service,
            String below,
            String query,
            boolean isVerified,
            HttpServerRequest request,
            long began) {

        /** Without the query, which may hold a code. */
        @Override
        public String toString() {
            return request.method() + " " + below;
        }

        boolean isAllowed() {
            return service.key().isEmpty()
                    || isVerified
                    || request.method() == HttpMethod.GET && request.getHeader(KEY_HEADER) == null;
        }
    }

    @Override
    public void handle(HttpServerRequest request) {
        long began = System.nanoTime();
        var target = target(request.uri());
        var service =
                target.matches() ? Optional.ofNullable(services.get(target.group(1))) : Optional.<ExternalAuth>empty();
        if (service.isEmpty()) {
            HttpDoor.closeAfter(request);
            ANSWERS.give(request, 404, "there is no external authentication here");
        } else if (request.method() != HttpMethod.POST && request.method() != HttpMethod.GET) {
            HttpDoor.closeAfter(request);
            request.response().putHeader("Allow", "GET, POST");
            ANSWERS.give(request, 405, "external authentication is asked with GET and POST");
        } else {
            var query = Objects.requireNonNullElse(target.group(3), "");
            boolean verified = isVerified(service.get(), request);
            take(new Call(service.get(), target.group(2), query, verified, request, began));
        }
    }

    private static boolean isVerified(ExternalAuth service, HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader(KEY_HEADER))
                .filter(sent -> !sent.isEmpty())
                .map(Secret::of)
                .filter(sent -> service.key().filter(sent::equals).isPresent())
                .isPresent();
    }

    private void take(Call call) {
        if (call.isAllowed()) {
            reader(call)
                    .read(call.request(), body -> relay(call, body))
                    .onFailure(failure -> unanswered(call, failure));
        } else {
            HttpDoor.closeAfter(call.request());
            refuse(call, 401, "the key is missing or wrong");
        }
    }

    private WholeBodies reader(Call call) {
        if (call.request().method() == HttpMethod.GET) {
            return noBodies;
        }
        return call.isVerified() ? bodies : strangersBodies;
    }

    private void unanswered(Call call, Throwable failure) {
        if (failure instanceof NoBody missing) {
            HttpDoor.closeAfter(call.request());
            int status = missing.why().status();
            refuse(call, status, status == 503 ? CROWDED : "the body is too large or not whole");
        } else if (failure instanceof ConnectionPoolTooBusyException) {
            refuse(call, 503, CROWDED);
        } else {
            int status = failure instanceof TimeoutException ? 504 : 502;
            ANSWERS.give(call.request(), status, "the service that knows did not answer");
            end(call, status == 504 ? "timeout" : "unreachable", status);
        }
    }

    private void refuse(Call call, int status, String said) {
        end(call, "refused", status);
        ANSWERS.give(call.request(), status, said);
    }

    private void end(Call call, String outcome, int status) {
        events.authenticated(call.service().app(), outcome, status, Duration.ofNanos(System.nanoTime() - call.began()));
    }

    /** @return fails where there is no answer */
    private Future<Void> relay(Call call, Buffer body) {
        var timeout = call.service().timeout();
        var target = new RequestOptions()
                .setMethod(call.request().method())
                .setAbsoluteURI(at(call.service().url(), call.below(), call.query()))
                .setFollowRedirects(false)
                .setTimeout(timeout.toMillis());
        return (call.isVerified() ? client : strangersClient)
                .request(target)
                .compose(request -> send(call, request, body)
                        .compose(head -> WholeAnswer.read(head, LARGEST).map(said -> new Answer(head, said)))
                        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS) // one that trickles, too
                        .onFailure(gone -> request.reset()))
                .map(answer -> {
                    var response = call.request()
                            .response()
                            .setStatusCode(answer.head().statusCode());
                    copy(ANSWERED, answer.head().headers(), response.headers());
                    response.end(answer.body()).otherwiseEmpty();
                    end(call, "relayed", answer.head().statusCode());
                    return null;
                });
    }

    private record Answer(HttpClientResponse head, Buffer body) {}

    private Future<HttpClientResponse> send(Call call, HttpClientRequest request, Buffer body) {
        var service = call.service();
        var id = UUID.randomUUID().toString();
        var now = clock.instant();
        copy(ASKED, call.request().headers(), request.headers());
        request.putHeader("X-GHL-App", service.app().id())
                .putHeader(VERIFIED_HEADER, Boolean.toString(call.isVerified()))
                .putHeader("webhook-id", id)
                .putHeader("webhook-timestamp", Long.toString(now.getEpochSecond()));
        if (call.isVerified()) {
            request.putHeader("webhook-signature", new StandardSignature(service.secret()).sign(id, now, body));
        }
        return request.send(body);
    }

    /** What is below is letters and digits, so it leads nowhere else. */
    private static String at(URI url, String below, String query) {
        var own = url.toString().split("\\?", 2);
        var both = Stream.concat(Arrays.stream(own).skip(1), Stream.of(query))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("&"));
        return own[0].replaceAll("/+$", "") + below + (both.isEmpty() ? "" : "?" + both);
    }

    private static void copy(List<String> names, MultiMap from, MultiMap to) {
        for (var name : names) {
            Optional.ofNullable(from.get(name)).ifPresent(value -> to.set(name, value));
        }
    }
}
