package io.ghlgateway.webhooks;

import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.webhooks.BodyReader.NoBody;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
            Pattern.compile("/external-auth/([A-Za-z0-9][A-Za-z0-9._-]*)((?:/[A-Za-z0-9_-]++)*+)(\\?[!-~]*)?");

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
    private final Map<String, StandardSignature> signatures;
    private final HttpClient client;
    private final HttpClient strangersClient;
    private final BodyReader bodies;
    private final BodyReader strangersBodies;
    private final BodyReader noBodies;
    private final InstantSource clock;
    private final WebhookEvents events;

    public ExternalAuthRelay(
            Vertx vertx, Collection<ExternalAuth> services, InstantSource clock, WebhookEvents events) {
        this.services = services.stream()
                .collect(Collectors.toUnmodifiableMap(service -> service.app().id(), Function.identity()));
        this.signatures = services.stream()
                .collect(Collectors.toUnmodifiableMap(
                        service -> service.app().id(), service -> new StandardSignature(service.secret())));
        // Whoever has no key may fill what there is for strangers, and keeps out nobody who has one.
        this.client = client(vertx);
        this.strangersClient = client(vertx);
        this.bodies = new BodyReader(vertx, LARGEST, BODY_WITHIN, BODIES_TOGETHER);
        this.strangersBodies = new BodyReader(vertx, LARGEST, BODY_WITHIN, BODIES_TOGETHER);
        this.noBodies = new BodyReader(vertx, 0, BODY_WITHIN, LARGEST);
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

    @Override
    public void handle(HttpServerRequest request) {
        var target = target(request.uri());
        var service =
                target.matches() ? Optional.ofNullable(services.get(target.group(1))) : Optional.<ExternalAuth>empty();
        long began = System.nanoTime();
        if (service.isEmpty()) {
            close(request);
            ANSWERS.give(request, 404, "there is no external authentication here");
        } else if (request.method() != HttpMethod.POST && request.method() != HttpMethod.GET) {
            close(request);
            request.response().putHeader("Allow", "GET, POST");
            ANSWERS.give(request, 405, "external authentication is asked with GET and POST");
        } else if (!isAllowed(service.get(), request)) {
            close(request);
            end(service.get(), request, "refused", 401, began);
            ANSWERS.give(request, 401, "the key is missing or wrong");
        } else {
            var rest = target.group(2) + Optional.ofNullable(target.group(3)).orElse("");
            reader(service.get(), request)
                    .read(request, body -> relay(service.get(), rest, body, request, began))
                    .onFailure(failure -> unread(service.get(), request, failure, began));
        }
    }

    private void unread(ExternalAuth service, HttpServerRequest request, Throwable failure, long began) {
        if (failure instanceof NoBody missing) {
            int status = switch (missing.failure()) {
                case TOO_LARGE -> 413;
                case INCOMPLETE -> 400;
                case CROWDED -> 503;
            };
            close(request);
            end(service, request, "refused", status, began);
            ANSWERS.give(request, status, status == 503 ? CROWDED : "the body is too large or not whole");
        } else if (failure instanceof ConnectionPoolTooBusyException) {
            end(service, request, "refused", 503, began);
            ANSWERS.give(request, 503, CROWDED);
        } else {
            int status = failure instanceof TimeoutException ? 504 : 502;
            ANSWERS.give(request, status, "the service that knows did not answer");
            end(service, request, status == 504 ? "timeout" : "unreachable", status, began);
        }
    }

    private static boolean isAllowed(ExternalAuth service, HttpServerRequest request) {
        return service.key().isEmpty()
                || isVerified(service, request)
                || request.method() == HttpMethod.GET && request.getHeader(KEY_HEADER) == null;
    }

    private BodyReader reader(ExternalAuth service, HttpServerRequest request) {
        if (request.method() == HttpMethod.GET) {
            return noBodies;
        }
        return isVerified(service, request) ? bodies : strangersBodies;
    }

    private static boolean isVerified(ExternalAuth service, HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader(KEY_HEADER))
                .filter(sent -> !sent.isEmpty())
                .map(Secret::of)
                .filter(sent -> service.key().filter(sent::equals).isPresent())
                .isPresent();
    }

    /** @return fails where there is no answer */
    private Future<Void> relay(ExternalAuth service, String rest, Buffer body, HttpServerRequest request, long began) {
        var target = new RequestOptions()
                .setMethod(request.method())
                .setAbsoluteURI(at(service.url(), rest))
                .setFollowRedirects(false)
                .setTimeout(service.timeout().toMillis());
        return (isVerified(service, request) ? client : strangersClient)
                .request(target)
                .compose(call -> send(service, call, body, request)
                        .compose(answer -> whole(answer).map(said -> new Answer(answer, said)))
                        .timeout(service.timeout().toMillis(), TimeUnit.MILLISECONDS) // one that trickles, too
                        .onFailure(gone -> call.reset()))
                .map(answer -> {
                    var response =
                            request.response().setStatusCode(answer.head().statusCode());
                    copy(ANSWERED, answer.head()::getHeader, response::putHeader);
                    response.end(answer.body()).otherwiseEmpty();
                    end(service, request, "relayed", answer.head().statusCode(), began);
                    return null;
                });
    }

    private record Answer(HttpClientResponse head, Buffer body) {}

    private Future<HttpClientResponse> send(
            ExternalAuth service, HttpClientRequest call, Buffer body, HttpServerRequest request) {
        var id = UUID.randomUUID().toString();
        var now = clock.instant();
        copy(ASKED, request::getHeader, call::putHeader);
        boolean verified = isVerified(service, request);
        call.putHeader("X-GHL-App", service.app().id())
                .putHeader(VERIFIED_HEADER, Boolean.toString(verified))
                .putHeader("webhook-id", id)
                .putHeader("webhook-timestamp", Long.toString(now.getEpochSecond()));
        if (verified) {
            call.putHeader(
                    "webhook-signature", signatures.get(service.app().id()).sign(id, now, body));
        }
        return call.send(body);
    }

    /** Not what the service says of its length counts, but what comes. */
    private static Future<Buffer> whole(HttpClientResponse answer) {
        var whole = Promise.<Buffer>promise();
        var body = Buffer.buffer();
        answer.exceptionHandler(whole::tryFail);
        answer.endHandler(end -> whole.tryComplete(body));
        answer.handler(chunk -> {
            if (body.length() + chunk.length() > LARGEST) {
                whole.tryFail("an answer of more than " + LARGEST + " bytes");
            } else {
                body.appendBuffer(chunk);
            }
        });
        return whole.future();
    }

    /** The rest is letters and digits, so it leads nowhere else. */
    private static String at(URI url, String rest) {
        var base = url.toString();
        int query = base.indexOf('?');
        var path = (query < 0 ? base : base.substring(0, query)).replaceAll("/+$", "");
        var own = query < 0 ? "" : base.substring(query + 1);
        int asked = rest.indexOf('?');
        var parameters = asked < 0 ? "" : rest.substring(asked + 1);
        var both = own.isEmpty() || parameters.isEmpty() ? own + parameters : own + "&" + parameters;
        return path + (asked < 0 ? rest : rest.substring(0, asked)) + (both.isEmpty() ? "" : "?" + both);
    }

    private interface Put {
        Object header(String name, String value);
    }

    private static void copy(List<String> names, Function<String, String> from, Put to) {
        for (var name : names) {
            Optional.ofNullable(from.apply(name)).ifPresent(value -> to.header(name, value));
        }
    }

    private void end(ExternalAuth service, HttpServerRequest request, String outcome, int status, long began) {
        events.authenticated(service.app(), outcome, status, Duration.ofNanos(System.nanoTime() - began));
    }

    private static void close(HttpServerRequest request) {
        request.response().putHeader("Connection", "close");
    }
}
