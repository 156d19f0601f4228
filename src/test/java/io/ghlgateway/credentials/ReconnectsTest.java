package io.ghlgateway.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.credentials.Installation.Origin;
import io.ghlgateway.highlevel.OAuthApi;
import io.ghlgateway.highlevel.OAuthApi.Refused;
import io.ghlgateway.highlevel.OAuthClient;
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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often HighLevel is asked to reconnect, which it always puts off here; what waits lets the injected time pass. */
class ReconnectsTest {

    private static final OAuthClient CLIENT =
            new OAuthClient(new App("main"), "app-1", Secret.of("s"), "https://gateway.example/cb");

    @TempDir
    Path directory;

    private final FakeTime time = new FakeTime(Instant.parse("2026-11-25T12:00:00Z"));
    private final List<Instant> asked = new ArrayList<>();
    private FileTokenStore store;
    private Reconnects reconnects;

    @BeforeEach
    void open() throws Exception {
        store = FileTokenStore.open(directory, time);
        var events = silent(CredentialEvents.class);
        var vault = new Vault(store, RecordCipher.of(RecordCipher.newKeyset()), events);
        reconnects = new Reconnects(
                vault, new Installations(vault, new NoRefreshJournal(), events), api(), this::pause, time, events);
    }

    @AfterEach
    void close() {
        Await.result(store.close());
    }

    @Test
    void aSecondHasRoomForOneReconnectOfAllInstallations() {
        var start = time.instant();

        reconnect("loc1");
        reconnect("loc2");
        reconnect("loc3");

        assertThat(asked).containsExactly(start, start.plusSeconds(1), start.plusSeconds(2));
    }

    @Test
    void whoFindsNoSecondIsToldSoInTimeAndHasLostNothing() {
        var start = time.instant();
        for (int second = 0; second < 30; second++) {
            Await.result(store.claim(
                    "reconnect-second/" + start.plusSeconds(second).getEpochSecond(), Duration.ofMinutes(1)));
        }

        assertThat(reconnect("loc1")).contains("not now");
        assertThat(time.instant()).isEqualTo(start.plusSeconds(20));
        assertThat(asked).isEmpty();

        time.advance(Duration.ofSeconds(10));
        assertThat(reconnect("loc1")).contains("for now");
        assertThat(asked).hasSize(1);
    }

    @Test
    void oneThatHighLevelHadNoTimeForIsMadeAgainBeforeTheTenMinutesAreOver() {
        assertThat(reconnect("loc1")).contains("for now");
        time.advance(Duration.ofSeconds(30));
        assertThat(reconnect("loc1")).contains("tried again at");
        assertThat(asked).hasSize(1);

        time.advance(Duration.ofSeconds(31));
        reconnect("loc1");

        assertThat(asked).hasSize(2);
    }

    /** @return why it failed */
    private String reconnect(String location) {
        return Await.result(reconnects
                .reconnect(installation(location), CLIENT)
                .transform((done, failure) -> Future.succeededFuture(failure.getMessage())));
    }

    private Future<Void> pause(Duration length) {
        time.advance(length);
        return Future.succeededFuture();
    }

    private OAuthApi api() {
        return (OAuthApi) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {OAuthApi.class}, (proxy, method, args) -> {
                    asked.add(time.instant());
                    return Future.failedFuture(new Refused(Refused.Reason.THROTTLED, "HighLevel answered 429"));
                });
    }

    private Installation installation(String location) {
        return new Installation.Draft(
                        new InstallationKey(CLIENT.app(), Resource.location(location)),
                        Origin.INSTALLED,
                        time.instant())
                .made();
    }

    private static <T> T silent(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> null));
    }
}
