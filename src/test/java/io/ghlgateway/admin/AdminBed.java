package io.ghlgateway.admin;

import io.ghlgateway.credentials.CredentialEvents;
import io.ghlgateway.credentials.Decisions;
import io.ghlgateway.credentials.FileTokenStore;
import io.ghlgateway.credentials.InstallationKey;
import io.ghlgateway.credentials.Installations;
import io.ghlgateway.credentials.Members;
import io.ghlgateway.credentials.NoRefreshJournal;
import io.ghlgateway.credentials.Onboarding;
import io.ghlgateway.credentials.RecordCipher;
import io.ghlgateway.credentials.RecordName;
import io.ghlgateway.credentials.RecordSeal;
import io.ghlgateway.credentials.RegisteredCallers;
import io.ghlgateway.credentials.RegisteredTenants;
import io.ghlgateway.credentials.RenewalSchedule;
import io.ghlgateway.credentials.Renewals;
import io.ghlgateway.credentials.Sealed;
import io.ghlgateway.credentials.StandingTenants;
import io.ghlgateway.credentials.TokenExport;
import io.ghlgateway.credentials.Vault;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.http.ConnectionCap;
import io.ghlgateway.http.ConnectionEvents;
import io.ghlgateway.http.Listening;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.FakeTime;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerKey;
import io.ghlgateway.tenancy.CallerRegistry;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantKey;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** The operators' door over its real listener, the real rooms behind it, and HighLevel as the test says. */
final class AdminBed implements AutoCloseable {

    /** In every token there is; found in no answer. */
    static final String CANARY = "canary17";

    static final String KEY = "admin-key-1";
    static final Secret KEYSET = RecordCipher.newKeyset();
    static final OAuthClient MAIN =
            new OAuthClient(new App("main"), "app-1", Secret.of(CANARY + "-client"), "https://gateway.example/cb");
    private static final Tenant ACME = new Tenant("acme", App.PRIVATE, Resource.location("acmeloc"));
    private static final AtomicInteger MADE = new AtomicInteger();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** What came back. */
    record Said(int status, Map<String, List<String>> headers, String text) {
        JsonObject json() {
            return new JsonObject(text);
        }
    }

    final FakeTime time;
    final FakeHighLevel highLevel = new FakeHighLevel(CANARY);
    final List<String> said = new CopyOnWriteArrayList<>();
    final TenantRegistry tenants;
    /** As the proxy door would send them. */
    final Map<TenantKey, Secret> privateTokens = new ConcurrentHashMap<>();

    /** Records that the configuration overrules, as they are said. */
    final List<RecordName> overruled = new CopyOnWriteArrayList<>();

    final CallerRegistry callers;
    final Onboarding onboarding;
    final Installations installations;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setWorkerPoolSize(1));
    /** Records that were opened by an event loop, which has better things to do. */
    final AtomicInteger openedOnLoop = new AtomicInteger();

    final CredentialApi api;

    private final FileTokenStore store;
    private final boolean isOwn;
    private final HttpServer server;

    AdminBed(Path directory, Secret keyset) {
        this(directory, keyset, List.of(), List.of());
    }

    /**
     * @param moreTenants that are configured, each with a private token that reads as its id
     * @param moreCallers that are configured, each with a key that reads as its name
     */
    AdminBed(Path directory, Secret keyset, List<Tenant> moreTenants, List<Caller> moreCallers) {
        this(new FakeTime(Instant.parse("2026-11-25T12:00:00Z")), directory, keyset, moreTenants, moreCallers);
    }

    private AdminBed(FakeTime time, Path directory, Secret keyset, List<Tenant> moreTenants, List<Caller> moreCallers) {
        this(time, opened(directory, time), true, keyset, moreTenants, moreCallers);
    }

    private AdminBed(
            FakeTime time,
            FileTokenStore store,
            boolean isOwn,
            Secret keyset,
            List<Tenant> moreTenants,
            List<Caller> moreCallers) {
        this.time = time;
        this.callers = new CallerRegistry(time);
        this.store = store;
        this.isOwn = isOwn;
        var configured = new ArrayList<>(List.of(ACME));
        configured.addAll(moreTenants);
        tenants = new TenantRegistry(configured);
        moreTenants.forEach(tenant -> privateTokens.put(TenantKey.of(tenant), Secret.of(tenant.id())));
        moreCallers.forEach(caller -> callers.put(caller, Set.of(CallerKey.of(KeyHash.of(Secret.of(caller.name()))))));
        var events = new Events();
        var vault = new Vault(store, watched(RecordCipher.of(keyset)), events);
        var journal = new NoRefreshJournal();
        var apps = Map.of(MAIN.app(), MAIN);
        installations = new Installations(vault, journal, events);
        var renewals = new Renewals(
                vault,
                installations,
                journal,
                new Members(),
                highLevel,
                app -> Optional.ofNullable(apps.get(app)),
                company -> Future.succeededFuture(),
                this::pause,
                time,
                time,
                new Random(1),
                events);
        var schedule = new RenewalSchedule(installations, renewals, time, new Random(1));
        onboarding = new Onboarding(
                vault,
                installations,
                renewals,
                highLevel,
                app -> Optional.ofNullable(apps.get(app)),
                company -> Future.succeededFuture(),
                time,
                events);
        var billing = Callers.any("billing");
        callers.put(billing, Set.of(CallerKey.of(KeyHash.of(Secret.of("billing-key")))));
        var configuredCallers = new ArrayList<>(List.of(billing));
        configuredCallers.addAll(moreCallers);
        var standing = new StandingTenants(tenants, configured, installations, key -> "");
        var rooms = new CredentialApi.Rooms(
                installations,
                renewals,
                schedule,
                onboarding,
                new Decisions(vault, installations, this::pause, time),
                new TokenExport(vault),
                new RegisteredTenants(vault, standing, this::keep, events),
                new RegisteredCallers(
                        vault,
                        callers,
                        configuredCallers.stream().map(Caller::name).collect(Collectors.toSet()),
                        events),
                callers);
        api = new CredentialApi(
                rooms,
                () -> new CredentialApi.Configured(apps, configured, Set.of("acme"), configuredCallers),
                () -> Secret.of("gw_%08x_made".formatted(MADE.incrementAndGet())),
                time);
        Await.result(vault.look());
        server = Await.result(server(vertx, Optional.of(KEY), Optional.of(api)));
    }

    static Future<HttpServer> server(Vertx vertx, Optional<String> key, Optional<CredentialApi> api) {
        return new AdminServer(
                        vertx,
                        new Health(() -> false, List::of),
                        () -> "on_an_event_loop " + Context.isOnEventLoopThread(),
                        JsonObject::new,
                        new OperatorsGuard(
                                vertx,
                                () -> new OperatorsGuard.Keys(key.map(Secret::of), Optional.empty()),
                                new AuditLog(Optional.empty(), InstantSource.system())),
                        Optional.empty(),
                        Optional.empty(),
                        api,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())
                .listen(new Listening(
                        "127.0.0.1", 0, Optional.empty(), new ConnectionCap(1_000), ConnectionEvents.NONE));
    }

    private RecordSeal watched(RecordSeal seal) {
        return new RecordSeal() {
            @Override
            public Sealed seal(RecordName name, long generation, byte[] plain) {
                return seal.seal(name, generation, plain);
            }

            @Override
            public byte[] open(Sealed sealed) throws RecordCipher.Unreadable {
                if (Context.isOnEventLoopThread()) {
                    openedOnLoop.incrementAndGet();
                }
                return seal.open(sealed);
            }

            @Override
            public boolean isCurrent(Sealed sealed) {
                return seal.isCurrent(sealed);
            }
        };
    }

    /** Has the one worker there is at something else until the latch is open. */
    void busy(CountDownLatch latch) {
        vertx.executeBlocking(() -> latch.await(1, TimeUnit.MINUTES), false);
    }

    private void keep(Tenant tenant, Optional<Secret> token) {
        var key = TenantKey.of(tenant);
        token.ifPresentOrElse(text -> privateTokens.put(key, text), () -> privateTokens.remove(key));
    }

    private static FileTokenStore opened(Path directory, FakeTime time) {
        try {
            return FileTokenStore.open(directory, time);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Another before the same records, which it has read now and does not look at again. To be closed before this one. */
    AdminBed replica() {
        return new AdminBed(time, store, false, KEYSET, List.of(), List.of());
    }

    private Future<Void> pause(Duration length) {
        time.advance(length);
        return Future.succeededFuture();
    }

    /** As the operator, at a path below {@code /admin/v1}. */
    Said get(String path) {
        return send("GET", path, "");
    }

    Said post(String path, Object body) {
        return send("POST", path, body.toString());
    }

    Said send(String method, String path, String body) {
        return send(server.actualPort(), method, path, body, "Bearer " + KEY);
    }

    Said send(int port, String method, String path, String body, String authorization) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/admin/v1" + path))
                .header("Authorization", authorization)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = HTTP.send(request, BodyHandlers.ofString());
            said.add(answer.headers().map() + "\n" + answer.body());
            return new Said(answer.statusCode(), answer.headers().map(), answer.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** HighLevel's own token JSON for a location. */
    static JsonObject token(String location) {
        return new JsonObject()
                .put("access_token", CANARY + "-access-" + location)
                .put("refresh_token", CANARY + "-refresh-" + location)
                .put("token_type", "Bearer")
                .put("expires_in", 86_399)
                .put("userType", "Location")
                .put("companyId", "comp")
                .put("locationId", location)
                .put("scope", "contacts.write contacts.readonly");
    }

    static JsonObject companyToken(String company) {
        return token("x").put("userType", "Company").put("companyId", company).put("locationId", null);
    }

    static JsonObject imported(JsonObject token) {
        return new JsonObject().put("app", "main").put("token", token);
    }

    @Override
    public void close() {
        Await.result(server.close());
        Await.result(vertx.close());
        if (isOwn) {
            Await.result(store.close());
        }
    }

    private final class Events implements CredentialEvents {
        @Override
        public void renewed(InstallationKey key, boolean minted) {}

        @Override
        public void renewalFailed(InstallationKey key, String why) {}

        @Override
        public void reconnected(InstallationKey key) {}

        @Override
        public void lost(InstallationKey key, String why) {}

        @Override
        public void notKept(InstallationKey key, String why) {}

        @Override
        public void scopeMissing(InstallationKey key, Route route, Set<String> missing) {}

        @Override
        public void unreadable(RecordName name, String why) {}

        @Override
        public void overruled(RecordName name) {
            overruled.add(name);
        }

        @Override
        public void storeUnreachable(String why) {}
    }
}
