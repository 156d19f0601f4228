package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sub-account that its agency pauses: no new token is to be had, and the old refresh token is as good as ever. */
class PausedLocationTest {

    private static final Duration LIFE = Duration.ofDays(1);
    private static final Duration RETRIED = Duration.ofMinutes(31);

    @TempDir
    Path directory;

    private final OffsetTime time = new OffsetTime();
    private AppStand stand;
    private AppStand.Stand gateway;

    @BeforeEach
    void setUp() throws Exception {
        stand = new AppStand();
        gateway = stand.plan(directory).publicDoor().time(time).start();
        TestBed.await(gateway.gateway.ready());
        gateway.install("install_location=other-1(&|$)");
    }

    @AfterEach
    void tearDown() {
        gateway.close();
        stand.close();
    }

    @Test
    void itIsNotLostAndItsCallersAreToldWhy() {
        var token = stand.atHighLevel("other-1").getString("refreshTokenHash");
        pauses("other-1");

        time.advance(LIFE);

        var refused = gateway.contacts("other-1");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(refused.headers().firstValue("x-gateway-error")).hasValue("credential_unavailable");
        assertThat(refused.headers().firstValue("retry-after")).isPresent();
        assertThat(refused.body()).contains("Location is not active");
        assertThat(gateway.installation("other-1").getString("status")).isEqualTo("paused");
        assertThat(gateway.installation("other-1").getString("reason")).contains("Location is not active");
        assertThat(stand.atHighLevel("other-1").getString("refreshTokenHash")).isEqualTo(token);
        assertThat(stand.atHighLevel("other-1").getInteger("reconnects")).isZero();
    }

    @Test
    void itsTokenIsUsedAsLongAsItLives() {
        pauses("other-1");
        gateway.refresh("other-1", 502);
        assertThat(gateway.installation("other-1").getString("status")).isEqualTo("paused");

        assertThat(gateway.contacts("other-1").statusCode()).isEqualTo(200);
    }

    @Test
    void activeAgainItWorksByTheScheduleAlone() {
        pauses("other-1");
        gateway.refresh("other-1", 502);
        time.advance(LIFE);
        TestBed.until(() -> stand.highLevel().getJsonObject("tokenEndpoint").getInteger("calls") == 3);
        TestBed.until(this::isSetForLater);
        resumes("other-1");

        time.advance(RETRIED);

        TestBed.until(() -> gateway.installation("other-1").getString("status").equals("active"));
        assertThat(stand.atHighLevel("other-1").getInteger("rotations")).isEqualTo(1);
        assertThat(gateway.contacts("other-1").statusCode()).isEqualTo(200);
    }

    @Test
    void activeAgainItWorksWhenAnOperatorSaysSo() {
        pauses("other-1");
        time.advance(LIFE);
        assertThat(gateway.contacts("other-1").statusCode()).isEqualTo(503);
        resumes("other-1");

        assertThat(gateway.refresh("other-1", 200).getString("status")).isEqualTo("active");
        assertThat(gateway.contacts("other-1").statusCode()).isEqualTo(200);
    }

    @Test
    void aLocationThatIsServedByItsAgencyIsPausedAndComesBackLikewise() {
        gateway.install("install_company=agency(&|$)");
        pauses("agency-7");

        var refused = gateway.contacts("agency-7");
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(refused.body()).contains("Location is not active");
        assertThat(gateway.installation("agency-7").getString("status")).isEqualTo("paused");
        resumes("agency-7");

        assertThat(gateway.refresh("agency-7", 200).getString("status")).isEqualTo("active");
        assertThat(gateway.contacts("agency-7").statusCode()).isEqualTo(200);
    }

    /** The try that was due has ended, and another is to be made after half an hour. */
    private boolean isSetForLater() {
        var next = Instant.parse(gateway.installation("other-1").getString("renews"));
        return Duration.between(time.instant(), next).compareTo(Duration.ofMinutes(20)) > 0;
    }

    private void pauses(String location) {
        stand.highLevel(new JsonObject().put("pause", new JsonObject().put("location", location)));
    }

    private void resumes(String location) {
        stand.highLevel(new JsonObject().put("resume", new JsonObject().put("location", location)));
    }
}
