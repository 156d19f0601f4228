package io.ghlgateway.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.Installation.Origin;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.highlevel.TokenGrant;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A customer installs the app anew while the store is away. */
class InstallationsTest {

    private static final InstallationKey KEY = new InstallationKey(new App("main"), Resource.location("loc"));
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    Path directory;

    private volatile boolean away;
    private CredentialEvents events;
    private Installations installations;
    private Vault vault;

    @BeforeEach
    void setUp() throws Exception {
        events = (CredentialEvents) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CredentialEvents.class}, (proxy, method, args) -> null);
        vault = new Vault(
                unreachableAtTimes(FileTokenStore.open(directory, () -> NOW)),
                RecordCipher.of(RecordCipher.newKeyset()),
                events);
        installations = new Installations(vault, new NoRefreshJournal(), events);
    }

    @Test
    void tokensOfANewCodeReplaceWhatTheStoreHasThoughItHeardOfThemLate() throws Exception {
        await(vault.write(InstallationForm.write(installation(7, "old"))));
        away = true;
        await(installations.replace(installation(1, "new")));

        away = false;
        await(installations.settle());

        assertThat(stored()).isEqualTo("new");
        assertThat(known()).isEqualTo("new");
        assertThat(installations.unkept()).isZero();
    }

    @Test
    void tokensGotForThoseOfANewCodeReplaceWhatTheStoreHasToo() throws Exception {
        await(vault.write(InstallationForm.write(installation(7, "old"))));
        away = true;
        var fresh = await(installations.replace(installation(1, "new")));

        away = false;
        await(installations.keep(renewed(fresh, "newer")));

        assertThat(stored()).isEqualTo("newer");
        assertThat(known()).isEqualTo("newer");
        assertThat(installations.unkept()).isZero();
    }

    @Test
    void tokensOfANewCodeGiveWayToThoseGotForThem() throws Exception {
        away = true;
        var fresh = await(installations.replace(installation(1, "new")));
        away = false;
        await(vault.write(
                InstallationForm.write(renewed(fresh, "newer")))); // another replica, from what it read meanwhile

        await(installations.settle());

        assertThat(stored()).isEqualTo("newer");
        assertThat(known()).isEqualTo("newer");
        assertThat(installations.unkept()).isZero();
    }

    @Test
    void aNewInstallationOutlivesACrashWhileTheStoreIsAway() throws Exception {
        await(vault.write(InstallationForm.write(installation(7, "old"))));
        away = true;
        var onboarding = new Onboarding(
                vault,
                installations,
                null,
                null,
                app -> Optional.empty(),
                company -> Future.succeededFuture(),
                () -> NOW,
                events);
        var grant = new TokenGrant(
                Optional.of(KEY.resource()),
                Optional.empty(),
                Optional.empty(),
                Secret.of("access-new"),
                Optional.of(Secret.of("new")),
                Duration.ofDays(1),
                Set.of());
        var client = new OAuthClient(KEY.app(), "id-1", Secret.of("s"), "https://gateway.example");
        var kept = await(onboarding.take(client, grant, false)).installation();

        away = false;
        var restarted = new Installations(vault, new NoRefreshJournal(), events);
        restarted.learn(InstallationForm.write(kept)); // all that the journal of the first one says
        await(vault.look());
        await(restarted.reassert(restarted.find(KEY).orElseThrow()));

        assertThat(stored()).isEqualTo("new");
        assertThat(refreshToken(restarted.find(KEY).orElseThrow())).isEqualTo("new");
    }

    @Test
    void aStoreThatWasGivenSpentTokensUnderALaterGenerationIsPutRight() throws Exception {
        await(installations.keep(installation(1, "old")));
        var newer = await(installations.keep(renewed(installation(1, "old"), "newer")));
        await(vault.write(
                InstallationForm.write(installation(newer.generation() + 1, "old")))); // of one that was cut off

        await(vault.look());
        assertThat(known()).isEqualTo("newer");
        await(installations.settle());

        assertThat(stored()).isEqualTo("newer");
        assertThat(installations.unkept()).isZero();
    }

    @Test
    void aRecordReadsAsItWasWrittenToTheLastTick() {
        var odd = Instant.ofEpochSecond(1_700_000_000, 123_456_789);
        var draft = new Installation.Draft(KEY, Origin.INSTALLED, odd);
        draft.tokens = Optional.of(new Tokens(Secret.of("access"), Optional.empty(), odd, odd.plusSeconds(60)));
        draft.version = Optional.of(new AppVersion("7", odd));
        var installation = draft.made();

        assertThat(InstallationForm.read(KEY, InstallationForm.write(installation)))
                .isEqualTo(installation);
    }

    private String known() {
        return refreshToken(installations.find(KEY).orElseThrow());
    }

    private String stored() throws Exception {
        var record = await(vault.read(KEY.name())).orElseThrow();
        return refreshToken(InstallationForm.read(KEY, record));
    }

    private static String refreshToken(Installation installation) {
        return installation.tokens().orElseThrow().refresh().orElseThrow().reveal();
    }

    private static Installation installation(long generation, String refreshToken) {
        var installation = new Installation.Draft(KEY, Origin.INSTALLED, NOW);
        installation.generation = generation;
        installation.tokens = Optional.of(tokens(refreshToken));
        return installation.made();
    }

    private static Installation renewed(Installation before, String refreshToken) {
        return before.with(tokens(refreshToken), Optional.empty(), Set.of(), NOW);
    }

    private static Tokens tokens(String refreshToken) {
        return new Tokens(
                Secret.of("access-" + refreshToken), Optional.of(Secret.of(refreshToken)), NOW, NOW.plusSeconds(3600));
    }

    private TokenStore unreachableAtTimes(TokenStore store) {
        return (TokenStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {TokenStore.class}, (proxy, method, args) -> {
                    if (away) {
                        return Future.failedFuture("away");
                    }
                    try {
                        return method.invoke(store, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
