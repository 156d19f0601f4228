package io.ghlgateway.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ghlgateway.credentials.Installation.Origin;
import io.ghlgateway.highlevel.OAuthApi;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.TokenGrant;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.tenancy.Tenant;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** The token endpoint is away while a token that lives a day falls due; time is injected. */
class RenewalOutageTest {

    private static final InstallationKey KEY = new InstallationKey(new App("main"), Resource.location("loc"));
    private static final Tenant TENANT = new Tenant("loc", KEY.app(), KEY.resource());
    private static final Route ROUTE = Route.unknown(HttpMethod.GET);
    private static final Duration BOUND = Duration.ofSeconds(30);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path directory;

    private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Instant start = now;
    private volatile boolean away;
    private final AtomicInteger asked = new AtomicInteger();
    private final Queue<Exception> script = new ConcurrentLinkedQueue<>();
    private volatile int pairs = 1;
    private volatile Consumer<Installation> heardFirst = heard -> {};
    private Installations installations;
    private final Members members = new Members();
    private final RefreshJournal journal = new NoRefreshJournal();
    private Renewals renewals;
    private RenewalSchedule schedule;
    private InstalledTokenSource tokens;

    @BeforeEach
    void setUp() throws Exception {
        var events = (CredentialEvents) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CredentialEvents.class}, (proxy, method, args) -> null);
        var store = FileTokenStore.open(directory, () -> now);
        var vault = new Vault(store, RecordCipher.of(RecordCipher.newKeyset()), events);
        installations = new Installations(vault, journal, events);
        renewals = new Renewals(
                vault,
                installations,
                journal,
                members,
                api(),
                app -> Optional.of(new OAuthClient(app, "id-1", Secret.of("s"), "https://gateway.example")),
                company -> Future.succeededFuture(),
                length -> {
                    now = now.plus(length);
                    return Future.succeededFuture();
                },
                this::ticks,
                () -> now,
                new SplittableRandom(1),
                events);
        installations.listen(heard -> heardFirst.accept(heard));
        schedule = new RenewalSchedule(installations, renewals, () -> now, new SplittableRandom(2));
        tokens = new InstalledTokenSource(installations, renewals, false, key -> "", this::ticks, () -> now, events);
        var installation = new Installation.Draft(KEY, Origin.INSTALLED, now);
        installation.tokens = Optional.of(Tokens.of(grant(), now));
        await(installations.keep(installation.made()));
    }

    private long ticks() {
        return Duration.between(start, now).toNanos();
    }

    @Test
    void sixHoursWithoutATokenEndpointGoUnseen(TestReporter reporter) {
        var due = schedule.next(KEY).orElseThrow();
        var ends = start.plus(DAY);
        assertThat(due)
                .isBetween(
                        start.plus(DAY.multipliedBy(65).dividedBy(100)),
                        start.plus(DAY.multipliedBy(73).dividedBy(100)));
        away = true;
        var back = due.plus(Duration.ofHours(6));
        int looks = 0;
        int good = 0;
        while (now.isBefore(back)) {
            now = now.plusSeconds(60);
            schedule.tick();
            until(() -> !renewals.isUnderWay(KEY)); // the store answers on a thread of its own
            looks++;
            good += await(tokens.token(TENANT, ROUTE)).bearer().reveal().equals("access-1") && now.isBefore(ends)
                    ? 1
                    : 0;
        }
        reporter.publishEntry(
                "measured",
                "away for %d min from when it was due, asked %d times in vain; good in %d of the %d minutes of its life so far, and for %d more"
                        .formatted(
                                Duration.between(due, back).toMinutes(),
                                asked.get(),
                                good,
                                looks,
                                Duration.between(now, ends).toMinutes()));
        assertThat(good).isEqualTo(looks);
        assertThat(asked.get()).isGreaterThan(10);

        away = false;
        for (int minute = 0; minute < 16; minute++) {
            now = now.plusSeconds(60);
            schedule.tick();
            until(() -> !renewals.isUnderWay(KEY)); // the store answers on a thread of its own
        }

        until(() -> await(tokens.token(TENANT, ROUTE)).bearer().reveal().equals("access-2"));
        assertThat(pairs).isEqualTo(2);
    }

    /** The last ten minutes are those in which a replica without the store may renew; they must not be slept through. */
    @Test
    void itsLastMinutesFindATokenTriedHoweverOftenThatWasInVain() {
        away = true;
        var last = start.plus(DAY).minus(Duration.ofMinutes(12));
        while (now.isBefore(last.plusSeconds(30))) {
            tickAfter(Duration.ofSeconds(30));
        }
        while (now.isBefore(last.plus(Duration.ofMinutes(8)))) {
            // The schedule hears of the end of a renewal a little later than it ends.
            until(() -> !schedule.next(KEY).orElseThrow().isAfter(now.plusSeconds(15)));
            int before = asked.get();
            tickAfter(Duration.ofSeconds(30));
            assertThat(asked.get()).as("asked until " + now).isGreaterThan(before);
        }
    }

    @Test
    void aLookAtATokenRenewsNothingHoweverOldItIs() {
        var wanted = Route.unknown(HttpMethod.GET);
        assertThat(tokens.peek(TENANT, wanted).orElseThrow().health()).isEqualTo(TokenPeek.Health.GOOD);

        now = start.plus(Duration.ofHours(23));
        var due = tokens.peek(TENANT, wanted).orElseThrow();
        now = start.plus(DAY);
        var ended = tokens.peek(TENANT, wanted).orElseThrow();

        assertThat(due.health()).isEqualTo(TokenPeek.Health.DUE);
        assertThat(due.expires()).contains(start.plus(DAY));
        assertThat(ended.health()).isEqualTo(TokenPeek.Health.ENDED);
        assertThat(ended.refusal()).as("a request would have it renewed").isEmpty();
        assertThat(tokens.peek(new Tenant("x", KEY.app(), Resource.location("x")), wanted)
                        .orElseThrow()
                        .refusal()
                        .orElseThrow()
                        .reason())
                .isEqualTo(TokenSource.Unavailable.Reason.NONE);
        assertThat(renewals.isUnderWay(KEY)).isFalse();
        assertThat(asked).hasValue(0);
    }

    /** Of a store that was away, nobody knows for a moment what was renewed without it. */
    @Test
    void aStoreThatComesBackIsFirstGivenWhatWasRenewedWithoutIt() {
        var mine = journal.owner();
        var rival = IntStream.range(0, 1_000_000)
                .mapToObj(number -> "rival-" + number)
                .filter(name -> {
                    members.are(Set.of(name));
                    return !members.isMine(KEY.name(), mine);
                })
                .findFirst()
                .orElseThrow();
        members.are(Set.of(rival));
        members.looked(false);
        members.looked(true);
        assertThatThrownBy(() -> await(renewals.renew(installations.find(KEY).orElseThrow())))
                .hasMessageContaining("given time");
        assertThat(asked).hasValue(0);

        for (int look = 0; look < 20; look++) {
            members.looked(true);
        }

        assertThat(await(renewals.renew(installations.find(KEY).orElseThrow())).generation())
                .isEqualTo(2);
    }

    private void tickAfter(Duration length) {
        now = now.plus(length);
        schedule.tick();
        until(() -> !renewals.isUnderWay(KEY)); // the store answers on a thread of its own
    }

    @Test
    void theTokenOfALocationThatItsAgencyServesIsRenewedAheadToo() {
        var key = new InstallationKey(KEY.app(), Resource.location("served"));
        var minted = new Installation.Draft(key, Origin.MINTED, now);
        minted.companyId = Optional.of("agency");
        minted.tokens = Optional.of(new Tokens(Secret.of("access"), Optional.empty(), now, now.plus(DAY)));
        await(installations.keep(minted.made()));

        assertThat(schedule.next(key).orElseThrow())
                .isBetween(
                        start.plus(DAY.multipliedBy(65).dividedBy(100)),
                        start.plus(DAY.multipliedBy(73).dividedBy(100)));
    }

    /** The answer of the first send may have been the new pair: only repeating brings it back. */
    @Test
    void aRepeatThatIsThrottledIsMadeAgainWhereAnAnswerWasLost() {
        script.add(new OAuthApi.Unanswered("lost"));
        script.add(new OAuthApi.Refused(OAuthApi.Refused.Reason.THROTTLED, "429"));
        script.add(new OAuthApi.Refused(OAuthApi.Refused.Reason.OTHER, "400"));

        var renewed = await(renewals.renew(installations.find(KEY).orElseThrow()));

        assertThat(renewed.generation()).isEqualTo(2);
        assertThat(asked).hasValue(4);
        assertThat(Duration.between(start, now)).isLessThan(Renewals.REPEAT_WITHIN);
    }

    @Test
    void aRenewalThatIsHeardOfBeforeThePairItReplacedIsNotMadeAgain() {
        var first = installations.find(KEY).orElseThrow();
        now = now.plus(DAY);
        var ended = first.with(Tokens.of(grant(), start), Optional.empty(), Set.of(), start);
        var fresh = ended.with(Tokens.of(grant(), now), Optional.empty(), Set.of(), now);
        heardFirst = heard -> {
            if (heard.equals(ended)) {
                installations.keep(fresh); // so that the schedule is told of it before
            }
        };
        await(installations.keep(ended));
        assertThat(installations.find(KEY)).contains(fresh);

        schedule.tick();

        assertThat(asked).hasValue(0);
        assertThat(schedule.next(KEY).orElseThrow()).isAfter(now);
    }

    private TokenGrant grant() {
        return new TokenGrant(
                Optional.of(KEY.resource()),
                Optional.empty(),
                Optional.empty(),
                Secret.of("access-" + pairs),
                Optional.of(Secret.of("refresh-" + pairs)),
                DAY,
                Set.of());
    }

    private OAuthApi api() {
        return (OAuthApi) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {OAuthApi.class}, (proxy, method, args) -> {
                    asked.incrementAndGet();
                    if (away) {
                        return Future.failedFuture(new OAuthApi.Unanswered("away"));
                    }
                    var failure = script.poll();
                    if (failure != null) {
                        return Future.failedFuture(failure);
                    }
                    pairs++;
                    return Future.succeededFuture(grant());
                });
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(BOUND.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** The record is forced to the disk on another thread. */
    private static void until(BooleanSupplier condition) {
        long end = System.nanoTime() + BOUND.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
