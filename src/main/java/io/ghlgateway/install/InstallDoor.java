package io.ghlgateway.install;

import io.ghlgateway.http.RequestForm;
import io.ghlgateway.tenancy.App;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The paths of installation, and nothing else: a path is taken as it was written, so that no other spelling of one of them
 * exists. Begins installations itself and leaves their ends to {@link Callback}. On the event loop of its server.
 */
public final class InstallDoor implements Handler<HttpServerRequest> {

    private static final String INSTALL = "/oauth/install/";
    private static final String CALLBACK = "/oauth/callback";
    private static final Pattern PATH = Pattern.compile("/oauth/(install|callback)/([A-Za-z0-9._-]+)");

    private final Map<String, InstallApp> apps;
    private final InstallState states;
    private final InstallCookie cookies;
    private final InstallEvents events;
    private final Callback callback;

    /**
     * @param publicUrl of this door, as browsers see it
     * @param stateKey at least 32 bytes, the same on all replicas
     * @param claims the same for all replicas
     * @param random a {@link SecureRandom} but in tests
     */
    public InstallDoor(
            Collection<InstallApp> apps,
            URI publicUrl,
            byte[] stateKey,
            Claims claims,
            CodeExchange exchange,
            InstallEvents events,
            InstantSource clock,
            RandomGenerator random) {
        this.apps = apps.stream()
                .collect(Collectors.toUnmodifiableMap(app -> app.app().id(), Function.identity()));
        this.states = new InstallState(stateKey, clock, random);
        this.cookies = new InstallCookie("https".equals(publicUrl.getScheme()));
        this.events = events;
        this.callback = new Callback(states, cookies, claims, exchange, events, new Pages(publicUrl));
    }

    @Override
    public void handle(HttpServerRequest request) {
        var path = RequestForm.path(request.uri());
        var app = appAt(path);
        if (app.isEmpty()) {
            Pages.nothingHere().show(request.response());
        } else if (request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD) {
            request.response().putHeader("Allow", "GET, HEAD");
            Pages.wrongMethod().show(request.response());
        } else if (path.startsWith(INSTALL)) {
            begin(app.get(), request);
        } else if (request.method() == HttpMethod.HEAD) {
            // Who only looks, as some guards of mail and chat do, must not use up a code.
            request.response().end().onFailure(gone -> {});
        } else {
            callback.handle(app.get(), InstallQuery.of(Objects.requireNonNullElse(request.query(), "")), request);
        }
    }

    private Optional<InstallApp> appAt(String path) {
        if (path.equals(CALLBACK)) {
            return apps.size() == 1 ? apps.values().stream().findFirst() : Optional.empty();
        }
        var parts = PATH.matcher(path);
        return parts.matches() ? Optional.ofNullable(apps.get(parts.group(2))) : Optional.empty();
    }

    private void begin(InstallApp app, HttpServerRequest request) {
        var state = states.issue(app.app());
        var response = request.response();
        cookies.set(app.app(), state.cookie(), response);
        if (request.method() == HttpMethod.GET) {
            events.begun(app.app());
        }
        response.setStatusCode(302)
                .putHeader("Location", AuthorizeLink.of(app, state.text()))
                .end()
                .onFailure(gone -> {});
    }

    /** The URL by which a customer begins to install an app. */
    public static URI link(URI publicUrl, App app) {
        return URI.create(publicUrl.toString().replaceAll("/+$", "") + INSTALL + app);
    }
}
