package io.ghlgateway.telemetry;

import io.ghlgateway.credentials.CredentialEvents;
import io.ghlgateway.credentials.DeadCredentials;
import io.ghlgateway.credentials.InstallationKey;
import io.ghlgateway.credentials.RecordName;
import io.ghlgateway.dispatch.CallTrace;
import io.ghlgateway.dispatch.DispatchEvents;
import io.ghlgateway.edge.EdgeEvents;
import io.ghlgateway.edge.EdgeEvents.Answer;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.RouteCatalogue;
import io.ghlgateway.http.ConnectionEvents;
import io.ghlgateway.install.InstallEvents;
import io.ghlgateway.limits.Budget;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Forecast;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.LimitEvents;
import io.ghlgateway.limits.Restraint;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.webhooks.Event;
import io.ghlgateway.webhooks.EventQueue.Standing;
import io.ghlgateway.webhooks.WebhookEvents;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code /metrics} can show at all: every event there is was told once, with every value of an enum. */
public final class EveryMeter {

    private static final Pattern SERIES = Pattern.compile("(\\w+?)(_bucket|_count|_sum|_max)?(\\{.*})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    private static final App APP = new App("main");
    private static final Resource LOCATION = Resource.location("loc1");
    private static final BudgetKey KEY = new BudgetKey(APP, LOCATION);
    private static final Instant NOW = Instant.EPOCH;

    private static final List<Object> SAMPLES = List.of(
            APP,
            KEY,
            LOCATION,
            new InstallationKey(APP, LOCATION),
            new RecordName(RecordName.Kind.TENANT, "acme"),
            new Tenant("acme", APP, LOCATION),
            new Event(APP, "id", "ContactCreate", Optional.of(LOCATION), NOW, Buffer.buffer()),
            new Limit(100, Duration.ofSeconds(10), 200_000),
            Duration.ofMillis(7),
            Set.of("contacts.readonly"),
            new IllegalStateException("none"),
            "some words",
            1,
            1L);

    private EveryMeter() {}

    /** As {@link #read} has it, of all that our own meters can show; without the JVM's. */
    public static Map<String, Map<String, Set<String>>> all() {
        try (var meters = new Meters(false)) {
            meters.watch(() -> 0, EveryMeter::budget, List.of(KEY));
            tell(meters, EdgeEvents.class, DispatchEvents.class, LimitEvents.class);
            meters.loopLate(Duration.ofMillis(1), Duration.ofMillis(1));
            meters.circuitOpened();
            tell(meters.connections("proxy"), ConnectionEvents.class);
            var credentials = meters.credentials();
            credentials.watch(List::of, InstantSource.fixed(NOW));
            tell(credentials, CredentialEvents.class, DeadCredentials.Events.class, InstallEvents.class);
            tell(meters.webhooks(), WebhookEvents.class);
            meters.webhooks().stands("crm", new Standing(0, 0, Optional.empty()), InstantSource.fixed(NOW));
            var all = read(meters.scrape());
            all.keySet().removeIf(name -> !name.startsWith(MeterMaker.PREFIX));
            return all;
        }
    }

    /**
     * What a scrape holds: of each metric its name, without what a histogram adds to it, its labels but {@code le}, and the
     * values of these.
     *
     * @param scrape what {@code /metrics} answered
     */
    public static Map<String, Map<String, Set<String>>> read(String scrape) {
        Map<String, Map<String, Set<String>>> metrics = new TreeMap<>();
        scrape.lines().map(SERIES::matcher).filter(Matcher::matches).forEach(series -> {
            var labels = metrics.computeIfAbsent(series.group(1), first -> new TreeMap<>());
            if (series.group(3) != null) {
                LABEL.matcher(series.group(3))
                        .results()
                        .filter(label -> !label.group(1).equals("le"))
                        .forEach(label -> labels.computeIfAbsent(label.group(1), first -> new TreeSet<>())
                                .add(label.group(2)));
            }
        });
        return metrics;
    }

    private static void tell(Object observer, Class<?>... interfaces) {
        for (var events : interfaces) {
            for (var method : events.getMethods()) {
                if (!Modifier.isStatic(method.getModifiers()) && hears(observer, method)) {
                    arguments(method.getParameterTypes(), 0, new ArrayList<>())
                            .forEach(arguments -> invoke(observer, method, arguments));
                }
            }
        }
    }

    /** What it leaves to the interface's own empty method it does not count. */
    private static boolean hears(Object observer, Method event) {
        return Arrays.stream(observer.getClass().getDeclaredMethods())
                .anyMatch(own -> own.getName().equals(event.getName())
                        && Arrays.equals(own.getParameterTypes(), event.getParameterTypes()));
    }

    private static void invoke(Object observer, Method method, List<Object> arguments) {
        try {
            method.invoke(observer, arguments.toArray());
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(method.toString(), e);
        }
    }

    /** Every combination of the values that there are for these types. */
    private static List<List<Object>> arguments(Class<?>[] types, int from, List<Object> before) {
        if (from == types.length) {
            return List.of(List.copyOf(before));
        }
        List<List<Object>> all = new ArrayList<>();
        for (var value : values(types[from])) {
            var next = new ArrayList<>(before);
            next.add(value);
            all.addAll(arguments(types, from + 1, next));
        }
        return all;
    }

    private static List<Object> values(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.asList(type.getEnumConstants());
        }
        if (type == boolean.class) {
            return List.of(true, false);
        }
        if (type == Answer.class) {
            return List.of(answer());
        }
        if (type == Route.class) {
            return List.of(RouteCatalogue.load().match(HttpMethod.GET, "/contacts/abc"));
        }
        return List.of(SAMPLES.stream()
                .filter(sample -> type.isInstance(sample)
                        || type == int.class && sample instanceof Integer
                        || type == long.class && sample instanceof Long)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no sample of a " + type.getName())));
    }

    private static Answer answer() {
        var took = Duration.ofMillis(3);
        return new Answer(
                "id", "ok", "billing", "acme", HttpMethod.GET, "/x", 200, 1, "-", took, took, took, CallTrace.NONE);
    }

    private static Budget budget(BudgetKey key) {
        return (Budget) Proxy.newProxyInstance(
                EveryMeter.class.getClassLoader(),
                new Class<?>[] {Budget.class},
                (proxy, method, none) -> switch (method.getName()) {
                    case "forecast" -> Future.succeededFuture(new Forecast(7, Duration.ZERO, Cause.NONE));
                    case "limit" -> new Limit(100, Duration.ofSeconds(10), 200_000);
                    case "restraint" -> new Restraint(12, 25);
                    case "dayExhaustedIn" -> Optional.of(Duration.ofHours(2));
                    default -> throw new AssertionError(method);
                });
    }
}
