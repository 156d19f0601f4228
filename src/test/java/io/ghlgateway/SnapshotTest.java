package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.admin.Health;
import io.ghlgateway.admin.SnapshotMaker;
import io.ghlgateway.credentials.PrivateTokenSource;
import io.ghlgateway.dispatch.Lanes;
import io.ghlgateway.limits.BucketBudgets;
import io.ghlgateway.limits.BudgetKey;
import io.ghlgateway.limits.BudgetSettings;
import io.ghlgateway.limits.Cause;
import io.ghlgateway.limits.Limit;
import io.ghlgateway.limits.SpendJournal;
import io.ghlgateway.limits.StrictWindow;
import io.ghlgateway.limits.WallClock;
import io.ghlgateway.telemetry.Meters;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Tenant;
import io.ghlgateway.tenancy.TenantRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the console is shown of very many. */
class SnapshotTest {

    private static final int TENANTS = 10_000;
    private static final int BUSY = 100;

    @Test
    void ofTenThousandTenantsThoseAreShownThatAreUsedMostOrGiveNothing() throws Exception {
        try (var meters = new Meters(false)) {
            var maker = maker(meters);
            for (int i = 0; i < BUSY; i++) {
                for (int sends = 0; sends <= i; sends++) {
                    meters.sent(key(i), "caller" + sends % 7, Duration.ZERO);
                }
            }
            meters.fellShort(key(TENANTS - 1), Cause.DAY); // and it gives again by now

            var snapshot = maker.make().result();
            var shown = shown(snapshot);

            assertThat(snapshot.length()).isLessThan(64 * 1024);
            assertThat(shown)
                    .hasSize(41)
                    .contains("location:location99", "location:location60", "location:location9999")
                    .doesNotContain("location:location59", "location:location500");
            assertThat(shown(maker.make().result())).hasSize(40).doesNotContain("location:location9999");
        }
    }

    private static SnapshotMaker maker(Meters meters) throws Exception {
        var settings = new BudgetSettings(
                new Limit(100, Duration.ofSeconds(10), 200_000),
                false,
                StrictWindow.Tuning.BURST,
                URI.create("http://127.0.0.1:1"));
        var clock = WallClock.starting(InstantSource.system(), Ticker.systemTicker());
        var budgets = BucketBudgets.inMemory(settings, SpendJournal.none(), clock, Ticker.systemTicker(), meters);
        var lanes = new Lanes(
                budgets,
                Optional.empty(),
                Ticker.systemTicker(),
                (delay, action) -> () -> {},
                new Lanes.Bounds(1, 1, 1),
                Duration.ofSeconds(1),
                meters);
        var tenants = IntStream.range(0, TENANTS)
                .mapToObj(i -> new Tenant("tenant" + i, App.PRIVATE, key(i).resource()))
                .toList();
        return new SnapshotMaker(
                new SnapshotMaker.Sources(
                        new Health(() -> false, List::of),
                        new TenantRegistry(tenants),
                        budgets,
                        budgets.egress(),
                        lanes,
                        new PrivateTokenSource(Map.of()),
                        Optional.empty(),
                        Optional.empty(),
                        meters.recent()),
                InstantSource.system());
    }

    private static BudgetKey key(int tenant) {
        return new BudgetKey(App.PRIVATE, Resource.location("location" + tenant));
    }

    private static List<String> shown(Buffer snapshot) {
        var event = snapshot.toString();
        return new JsonObject(event.substring(event.indexOf("data: ") + "data: ".length()))
                .getJsonArray("quotas").stream()
                        .map(quota -> ((JsonObject) quota).getString("resource"))
                        .toList();
    }
}
