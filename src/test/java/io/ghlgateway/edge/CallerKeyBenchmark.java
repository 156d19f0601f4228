package io.ghlgateway.edge;

import io.ghlgateway.edge.CallerAuthenticator.Known;
import io.ghlgateway.tenancy.Caller;
import io.ghlgateway.tenancy.CallerKey;
import io.ghlgateway.tenancy.CallerRegistry;
import io.ghlgateway.tenancy.Callers;
import io.ghlgateway.tenancy.KeyHash;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs to tell a caller by its key, among a thousand callers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CallerKeyBenchmark {

    private static final int CALLERS = 1_000;

    private final CallerRegistry callers = new CallerRegistry(InstantSource.system());
    private final MultiMap[] known = new MultiMap[CALLERS];
    private final MultiMap unknown = HttpHeaders.headers().add("Authorization", "Bearer gw_0123abcd_nobody-has-this");
    private final Secret key = Secret.of("gw_0123abcd_0123456789abcdefghijklmnopqrstuv");
    private CallerAuthenticator authenticator;
    private int next;

    @Setup
    public void setUp() {
        var all = new HashMap<Caller, Set<CallerKey>>();
        for (int i = 0; i < CALLERS; i++) {
            var secret = "gw_%08x_0123456789abcdefghijklmnopqrstuv".formatted(i);
            all.put(Callers.any("caller-" + i), Set.of(CallerKey.of(Secret.of(secret))));
            known[i] = HttpHeaders.headers()
                    .add("Host", "gateway:8080")
                    .add("Accept", "application/json")
                    .add("Authorization", "Bearer " + secret);
        }
        callers.replace(Set.of(), Map.copyOf(all));
        var events = (EdgeEvents) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EdgeEvents.class}, (proxy, method, args) -> null);
        var noTokens = new CallerTokens(
                null,
                List.of(),
                url -> Future.failedFuture("no issuer is trusted"),
                System::nanoTime,
                InstantSource.system(),
                events);
        authenticator = new CallerAuthenticator(callers, noTokens);
        if (known().isEmpty() || authenticator.caller(unknown, null).isPresent()) {
            throw new IllegalStateException("who is known is not told from who is not");
        }
    }

    @Benchmark
    public Optional<Known> known() {
        next = (next + 7) % CALLERS;
        return authenticator.caller(known[next], null);
    }

    @Benchmark
    public Optional<Known> unknown() {
        return authenticator.caller(unknown, null);
    }

    @Benchmark
    public KeyHash hash() {
        return KeyHash.of(key);
    }
}
