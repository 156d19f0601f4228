package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.Installation;
import io.ghlgateway.credentials.InstallationKey;
import io.ghlgateway.redis.TestRedis;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.wiring.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas whose Redis goes away, while a token that lives for a day has minutes left. */
class StoreLossTest {

    private static final Duration LIFE = Duration.ofSeconds(86_399);
    /** Older than the three quarters at which a token is renewed at the latest, and far from its last minutes. */
    private static final Duration DUE = LIFE.multipliedBy(80).dividedBy(100);
    /** Of the last ten minutes in which it is usable. */
    private static final Duration LAST_MINUTES = LIFE.minusMinutes(8);

    private static final String ENDING = "other-1";
    private static final String LIVING = "agency-1";

    @TempDir
    Path directory;

    private final OffsetTime time = new OffsetTime();
    private TestRedis redis;
    private AppStand stand;
    private List<AppStand.Stand> replicas;

    @BeforeEach
    void setUp() throws Exception {
        redis = TestRedis.started();
        stand = new AppStand();
        replicas = List.of(
                stand.plan(directory.resolve("one"))
                        .redis(redis.uri())
                        .time(time)
                        .publicDoor()
                        .start(),
                stand.plan(directory.resolve("two"))
                        .redis(redis.uri())
                        .time(time)
                        .start(),
                stand.plan(directory.resolve("three"))
                        .redis(redis.uri())
                        .time(time)
                        .start());
        for (var replica : replicas) {
            TestBed.await(replica.gateway.ready());
        }
        TestBed.until(() -> replicas.stream().allMatch(each -> knownTo(each).size() == 3));
    }

    @AfterEach
    void tearDown() throws Exception {
        replicas.forEach(AppStand.Stand::close);
        stand.close();
        redis.close();
    }

    @Test
    void oneReplicaRenewsWhatCannotWaitAndSharesItLater() throws Exception {
        replicas.get(0).install("install_location=" + ENDING + "(&|$)");
        time.advance(LAST_MINUTES.minus(DUE));
        replicas.get(0).install("install_location=" + LIVING + "(&|$)");
        TestBed.until(() -> replicas.stream()
                .allMatch(each -> each.contacts(ENDING).statusCode() == 200
                        && each.contacts(LIVING).statusCode() == 200));
        var owner = replicas.stream().filter(StoreLossTest::owns).toList();
        assertThat(owner).hasSize(1);
        var others = replicas.stream().filter(each -> !owns(each)).toList();

        redis.stop();
        time.advance(DUE);

        TestBed.until(() -> rotations(ENDING) == 1);
        TestBed.until(() -> generation(owner.get(0)) == 2);
        for (var other : others) {
            assertThat(other.refresh(ENDING, 502).getString("detail")).contains("the store cannot be asked");
            assertThat(generation(other)).isEqualTo(1);
            assertThat(other.contacts(ENDING).statusCode()).isEqualTo(200); // the earlier token has minutes left
        }
        assertThat(owner.get(0).contacts(ENDING).statusCode()).isEqualTo(200);
        for (var replica : replicas) {
            assertThat(replica.refresh(LIVING, 502).getString("detail")).contains("the store cannot be asked");
            assertThat(replica.contacts(LIVING).statusCode()).isEqualTo(200);
        }
        assertThat(rotations(ENDING)).isEqualTo(1);
        assertThat(rotations(LIVING)).isZero();

        redis.start();

        TestBed.until(() -> replicas.stream().allMatch(each -> generation(each) == 2));
        assertThat(rotations(ENDING)).isEqualTo(1);
        assertThat(stand.atHighLevel(ENDING).getInteger("reconnects")).isZero();
        assertThat(stand.atHighLevel(ENDING).getInteger("graceRepeats")).isZero();
        // Not at once: a Redis that has forgotten everything makes all quotas rest for a while.
        TestBed.until(
                () -> replicas.stream().allMatch(each -> each.contacts(ENDING).statusCode() == 200));
        TestBed.until(() -> rotations(LIVING) == 1); // it is due, and nothing is in its way any more
    }

    private static Set<String> knownTo(AppStand.Stand replica) {
        return kept(replica).members().known();
    }

    private static Credentials.Kept kept(AppStand.Stand replica) {
        return replica.gateway.credentials().kept().orElseThrow();
    }

    private static InstallationKey key() {
        return new InstallationKey(new App("main"), Resource.location(ENDING));
    }

    private static boolean owns(AppStand.Stand replica) {
        return kept(replica)
                .members()
                .isMine(key().name(), kept(replica).journal().owner());
    }

    private static long generation(AppStand.Stand replica) {
        return kept(replica)
                .installations()
                .find(key())
                .map(Installation::generation)
                .orElse(0L);
    }

    private int rotations(String location) {
        return stand.atHighLevel(location).getInteger("rotations");
    }
}
