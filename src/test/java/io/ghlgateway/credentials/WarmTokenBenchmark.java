package io.ghlgateway.credentials;

import io.ghlgateway.credentials.Installation.Origin;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a request pays for a token that is at hand, its scopes looked at: a look into a map of ten thousand. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WarmTokenBenchmark {

    private static final int INSTALLATIONS = 10_000;

    private InstalledTokenSource tokens;
    private Tenant[] tenants;
    private Route route;
    private int next;

    @Setup
    public void setUp() throws Exception {
        var clock = InstantSource.system();
        var events = (CredentialEvents) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CredentialEvents.class}, (proxy, method, args) -> null);
        var store = FileTokenStore.open(Files.createTempDirectory("warm-token"), clock);
        var vault = new Vault(store, RecordCipher.of(RecordCipher.newKeyset()), events);
        var installations = new Installations(vault, new NoRefreshJournal(), events);
        var renewals = new Renewals(
                vault,
                installations,
                new NoRefreshJournal(),
                new Members(),
                null,
                app -> Optional.empty(),
                company -> Future.succeededFuture(),
                length -> Future.succeededFuture(),
                System::nanoTime,
                clock,
                new SplittableRandom(1),
                events);
        tokens = new InstalledTokenSource(installations, renewals, true, key -> "", System::nanoTime, clock, events);
        route = RouteCatalogue.load().match(HttpMethod.GET, "/contacts/abc");
        tenants = new Tenant[INSTALLATIONS];
        var now = Instant.now();
        for (int i = 0; i < INSTALLATIONS; i++) {
            var key = new InstallationKey(new App("main"), Resource.location("location" + i));
            tenants[i] = new Tenant("location" + i, new App("main"), Resource.location("location" + i));
            var pair = new Tokens(
                    Secret.of("access-" + i),
                    Optional.of(Secret.of("refresh-" + i)),
                    now,
                    now.plus(Duration.ofDays(1)));
            var installation = new Installation.Draft(key, Origin.INSTALLED, now);
            installation.scopes = Set.of("contacts.readonly", "contacts.write", "locations.readonly");
            installation.tokens = Optional.of(pair);
            installations.learn(InstallationForm.write(installation.made()));
        }
    }

    @Benchmark
    public Future<Token> token() {
        next = (next + 7) % INSTALLATIONS;
        return tokens.token(tenants[next], route);
    }
}
