package io.ghlgateway.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.Installation.Origin;
import io.ghlgateway.credentials.Installation.Status;
import io.ghlgateway.credentials.InstallationNews.Outcome;
import io.ghlgateway.highlevel.OAuthApi;
import io.ghlgateway.highlevel.OAuthApi.Refused;
import io.ghlgateway.highlevel.OAuthApi.Unanswered;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.highlevel.TokenGrant;
import io.ghlgateway.limits.Await;
import io.ghlgateway.limits.FakeTime;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** News of installations that comes late and in any order. */
class InstallationNewsTest {

    private static final App APP = new App("main");
    private static final Resource AGENCY = Resource.company("agency");
    private static final Resource LOCATION = Resource.location("loc");

    @TempDir
    Path directory;

    private final FakeTime time = new FakeTime(Instant.parse("2026-11-25T12:00:00Z"));
    private final AtomicInteger listings = new AtomicInteger();
    /** What HighLevel says to who asks for a location's token. */
    private Supplier<Future<TokenGrant>> minted = () -> Future.failedFuture(new Unanswered("no answer"));

    private FileTokenStore store;
    private Installations installations;
    private InstallationNews news;

    @BeforeEach
    void open() throws Exception {
        store = FileTokenStore.open(directory, time);
        var events = silent(CredentialEvents.class);
        var vault = new Vault(store, RecordCipher.of(RecordCipher.newKeyset()), events);
        var journal = new NoRefreshJournal();
        installations = new Installations(vault, journal, events);
        var api = OAuthApi.class.cast(Proxy.newProxyInstance(
                OAuthApi.class.getClassLoader(), new Class<?>[] {OAuthApi.class}, (proxy, method, args) -> {
                    if (method.getName().equals("mint")) {
                        return minted.get();
                    }
                    listings.incrementAndGet();
                    return Future.succeededFuture(new OAuthApi.InstalledLocations(List.of("loc"), 1, 1));
                }));
        Pause pause = length -> Future.succeededFuture();
        Renewals.Toll toll = key -> Future.succeededFuture();
        var renewals = new Renewals(
                vault,
                installations,
                journal,
                new Members(),
                api,
                app -> Optional.empty(),
                toll,
                pause,
                () -> 0,
                time,
                new Random(7),
                events);
        news = new InstallationNews(
                installations,
                new Onboarding(
                        vault,
                        installations,
                        renewals,
                        api,
                        app -> Optional.of(new OAuthClient(app, "65f0aa-main", Secret.of("secret"), "https://here")),
                        toll,
                        time,
                        events),
                new Decisions(vault, installations, pause, time),
                renewals);
        stands(AGENCY, Origin.INSTALLED, ago(120));
        stands(LOCATION, Origin.MINTED, ago(120));
    }

    @AfterEach
    void close() {
        Await.result(store.close());
    }

    @Test
    void anInstallThatFollowedAnUninstallCountsThoughBothAreHeardOfLate() {
        uninstalled(LOCATION, ago(31));
        assertThat(status(LOCATION)).isEqualTo(Status.REVOKED);

        assertThat(installed(ago(30))).isEqualTo(Outcome.DONE);

        assertThat(status(LOCATION)).isEqualTo(Status.ACTIVE);
        uninstalled(LOCATION, ago(20));
        assertThat(status(LOCATION)).as("since then it was uninstalled again").isEqualTo(Status.REVOKED);
        installed(ago(25));
        assertThat(status(LOCATION)).as("old news").isEqualTo(Status.REVOKED);
    }

    @Test
    void anUninstallThatTheNextInstallHasOvertakenEndsNothing() {
        installed(ago(30));

        uninstalled(LOCATION, ago(31));
        assertThat(status(LOCATION)).isEqualTo(Status.ACTIVE);

        uninstalled(LOCATION, ago(29));
        assertThat(status(LOCATION)).isEqualTo(Status.REVOKED);
    }

    @Test
    void anAgencyThatInstalledAgainKeepsItsLocationsWhenItsOldUninstallComes() {
        stands(AGENCY, Origin.INSTALLED, ago(30));

        uninstalled(AGENCY, ago(31));
        assertThat(status(LOCATION)).isEqualTo(Status.ACTIVE);
        assertThat(status(AGENCY)).isEqualTo(Status.ACTIVE);

        uninstalled(AGENCY, ago(29));
        assertThat(status(LOCATION)).isEqualTo(Status.REVOKED);
        assertThat(status(AGENCY)).isEqualTo(Status.REVOKED);
    }

    @Test
    void anAgencysVersionIsItsLocationsTooAndOldNewsOfOneChangesNothing() {
        updated(AGENCY, "v2", ago(10));
        updated(AGENCY, "v1", ago(20));
        assertThat(updated(Resource.location("unknown"), "v3", ago(5)))
                .as("there is nothing to note it at")
                .isFalse();

        assertThat(version(AGENCY)).contains("v2");
        assertThat(version(LOCATION)).contains("v2");
        updated(LOCATION, "v3", ago(5));
        assertThat(version(LOCATION)).contains("v3");
        var there = installations.find(new InstallationKey(APP, LOCATION)).orElseThrow();
        assertThat(InstallationForm.read(there.key(), InstallationForm.write(there)))
                .as("kept")
                .isEqualTo(there);
    }

    @Test
    void whereNobodySaysWhenWhatWasInstalledLongBeforeEndsAtOnce() {
        stands(LOCATION, Origin.MINTED, ago(5 * 24 * 60));

        assertThat(Await.result(news.uninstalledSometime(APP, LOCATION, time.instant())))
                .isTrue();

        assertThat(status(LOCATION)).isEqualTo(Status.REVOKED);
    }

    @Test
    void whereNobodySaysWhenAndItWasInstalledLatelyHighLevelIsAskedAndUntilItAnswersNothingEnds() {
        holdsAToken(AGENCY);

        assertThat(Await.result(news.uninstalledSometime(APP, LOCATION, time.instant())
                        .map("an answer")
                        .recover(failure -> Future.succeededFuture(failure.getMessage()))))
                .isEqualTo("no answer");
        assertThat(status(LOCATION)).isEqualTo(Status.ACTIVE);

        minted = () -> Future.succeededFuture(new TokenGrant(
                Optional.of(LOCATION),
                Optional.of("agency"),
                Optional.empty(),
                Secret.of("minted"),
                Optional.empty(),
                Duration.ofDays(1),
                Set.of()));
        assertThat(Await.result(news.uninstalledSometime(APP, LOCATION, time.instant())))
                .as("installed again since")
                .isFalse();
        assertThat(status(LOCATION)).isEqualTo(Status.ACTIVE);

        minted = () -> Future.failedFuture(new Refused(Refused.Reason.OTHER, "HighLevel answered 400: not installed"));
        assertThat(Await.result(news.uninstalledSometime(APP, LOCATION, time.instant())))
                .isTrue();
        assertThat(status(LOCATION)).isEqualTo(Status.REVOKED);
    }

    private boolean updated(Resource resource, String version, Instant when) {
        return Await.result(news.updated(APP, resource, version, when));
    }

    private Optional<String> version(Resource resource) {
        return installations
                .find(new InstallationKey(APP, resource))
                .flatMap(Installation::version)
                .map(version -> version.id());
    }

    @Test
    void manyLocationsOpenedInAMinuteCostOneListingAndAreAllFound() {
        holdsAToken(AGENCY);
        assertThat(opened(ago(0))).as("listed at once").isTrue();
        assertThat(listings).hasValue(1);
        time.advance(Duration.ofSeconds(1));
        var second = ago(0);
        time.advance(Duration.ofSeconds(1));
        var third = ago(0);
        assertThat(opened(second)).as("listed before it").isFalse();
        assertThat(opened(third)).isFalse();

        time.advance(Duration.ofMinutes(1));

        assertThat(opened(second)).isTrue();
        assertThat(opened(third)).as("by the same listing").isTrue();
        assertThat(listings).hasValue(2);
    }

    private boolean opened(Instant when) {
        return Await.result(news.locationCreated(APP, "agency", when));
    }

    private void holdsAToken(Resource resource) {
        var there = installations.find(new InstallationKey(APP, resource)).orElseThrow();
        var token = new Tokens(
                Secret.of("access"),
                Optional.empty(),
                time.instant(),
                time.instant().plusSeconds(86_400));
        Await.result(installations.keep(there.with(token, Optional.empty(), Set.of(), time.instant())));
    }

    private Outcome installed(Instant when) {
        return Await.result(news.installed(APP, LOCATION, Optional.of("agency"), when));
    }

    private void uninstalled(Resource resource, Instant when) {
        Await.result(news.uninstalled(APP, resource, when));
    }

    private Instant ago(int minutes) {
        return time.instant().minus(Duration.ofMinutes(minutes));
    }

    private Status status(Resource resource) {
        return installations
                .find(new InstallationKey(APP, resource))
                .orElseThrow()
                .status();
    }

    private void stands(Resource resource, Origin origin, Instant since) {
        var key = new InstallationKey(APP, resource);
        var next = new Installation.Draft(key, origin, time.instant());
        next.generation = installations.find(key).map(Installation::generation).orElse(0L) + 1;
        next.companyId = Optional.of("agency");
        next.since = since;
        Await.result(installations.keep(next.made()));
    }

    private static <T> T silent(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> null));
    }
}
