package io.ghlgateway.limits.redis;

import static io.ghlgateway.limits.redis.RedisLossTest.spend;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.BudgetSettings;
import io.ghlgateway.limits.BudgetsContract;
import io.ghlgateway.limits.FakeTime;
import io.ghlgateway.redis.FreePorts;
import io.ghlgateway.redis.RedisFailure;
import io.ghlgateway.redis.RedisLink;
import io.ghlgateway.redis.RedisProcess;
import io.ghlgateway.redis.SelfSigned;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that speaks TLS and gives its users no more than they need. */
class GuardedRedisTest {

    private static final Duration PATIENT = Duration.ofSeconds(10);
    private static final BudgetSettings SETTINGS = BudgetsContract.settings(BudgetsContract.LIMIT, true);
    /** All that budgets need, but for INFO. */
    private static final String NEEDED = "~p* resetchannels -@all +@read +@write +@connection +eval +time";

    @TempDir
    private static Path directory;

    private static RedisProcess redis;
    private static int port;

    private final FakeTime time = new FakeTime(Instant.ofEpochMilli(BudgetsContract.PERIOD.toMillis() * 170_000_000L));
    private final List<RedisLink> links = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        var own = SelfSigned.in(directory);
        port = FreePorts.next();
        redis = RedisProcess.started(
                "tls-port " + port,
                "tls-key-file " + own.key(),
                "tls-cert-file " + own.certificate(),
                "tls-ca-cert-file " + own.certificate(),
                "tls-auth-clients no",
                "user gateway on >s3cret " + NEEDED + " +info",
                "user listener on >s3cret " + NEEDED + " +publish +subscribe &p3:busy",
                "user silent on >s3cret " + NEEDED);
    }

    @AfterEach
    void close() {
        links.forEach(link -> Await.result(link.close()));
    }

    @AfterAll
    static void stop() throws Exception {
        redis.close();
    }

    @Test
    void aUserWhoMayDoNoMoreThanIsNeededSharesABudgetOverTls() {
        var one = SharedBudgets.on(link("gateway:s3cret", "?verifyPeer=NONE"), "p", SETTINGS, time);
        var other = SharedBudgets.on(link("gateway:s3cret", "?verifyPeer=NONE"), "p", SETTINGS, time);

        assertThat(spend(one, 60)).isEqualTo(60);
        assertThat(spend(other, 60)).isEqualTo(40);
    }

    @Test
    void norNeedsItToTellOfItself() {
        var one = SharedBudgets.on(link("silent:s3cret", "?verifyPeer=NONE"), "p2", SETTINGS, time);

        assertThat(spend(one, 100)).isEqualTo(100);
    }

    /** Without that right nobody hears anything, and nothing is denied for it. */
    @Test
    void whoMayHearsOfBusyKeys() {
        var link = link("listener:s3cret", "?verifyPeer=NONE");
        Await.result(link.seen());
        List<String> heard = new CopyOnWriteArrayList<>();
        Await.result(link.subscribe("p3:busy".getBytes(), message -> heard.add(new String(message))));
        var silent = SharedBudgets.on(link("gateway:s3cret", "?verifyPeer=NONE"), "p3", SETTINGS, time);
        assertThat(spend(silent, 60)).isEqualTo(60);

        var one = SharedBudgets.on(link("listener:s3cret", "?verifyPeer=NONE"), "p3", SETTINGS, time);
        assertThat(Await.result(one.of(BudgetsContract.OTHER).trySpend(60)).granted())
                .isEqualTo(60);
        Await.until(() -> heard.contains("-p3:{" + BudgetsContract.OTHER + "}:log"));
        assertThat(heard).noneMatch(message -> message.contains(BudgetsContract.ACME.toString()));
    }

    @Test
    void aCertificateOfAnUnknownMakerIsNotTrusted() {
        assertThat(failure("gateway:s3cret", "")).isEqualTo(RedisFailure.TLS);
    }

    @Test
    void aWrongPasswordIsToldAsSuch() {
        assertThat(failure("gateway:guessed", "?verifyPeer=NONE")).isEqualTo(RedisFailure.AUTH);
    }

    private RedisFailure failure(String user, String options) {
        var failures = new CopyOnWriteArrayList<RedisFailure>();
        var link = made(user, options);
        link.listen(new RedisLink.Listener() {
            @Override
            public void up() {}

            @Override
            public void down() {}

            @Override
            public void failed(RedisFailure failure) {
                failures.add(failure);
            }
        });
        link.start();
        Await.until(() -> !failures.isEmpty());
        assertThat(link.seen().isComplete()).isFalse();
        return failures.get(0);
    }

    private RedisLink link(String user, String options) {
        var link = made(user, options);
        link.start();
        return link;
    }

    private RedisLink made(String user, String options) {
        var link = RedisLink.to("rediss://" + user + "@127.0.0.1:" + port + options, PATIENT, Ticker.systemTicker());
        links.add(link);
        return link;
    }
}
