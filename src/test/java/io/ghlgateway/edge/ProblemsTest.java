package io.ghlgateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.dispatch.Obstacle;
import io.ghlgateway.dispatch.Refusal;
import io.ghlgateway.dispatch.Refusal.Code;
import io.ghlgateway.limits.Limit;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemsTest {

    private static final Limit LIMIT = new Limit(100, Duration.ofSeconds(10), 200_000);

    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    private int status;

    @ParameterizedTest
    @EnumSource(Code.class)
    void saysCodeAndStatusTheSameInHeadAndBody(Code code) {
        var problem = Problems.write(Refusal.of(code, "what was seen"), "id-1", "", response());

        assertThat(status).isEqualTo(code.status());
        assertThat(headers.get("X-Gateway-Error")).isEqualTo(code.wire());
        assertThat(headers.get("Content-Type")).isEqualTo("application/problem+json");
        assertThat(problem.getString("code")).isEqualTo(code.wire());
        assertThat(problem.getInteger("status")).isEqualTo(code.status());
        assertThat(problem.getInteger("statusCode")).isEqualTo(code.status());
        assertThat(problem.getString("message")).isEqualTo(problem.getString("detail"));
        assertThat(problem.getString("requestId")).isEqualTo("id-1");
        assertThat(problem.getString("traceId")).isEqualTo("id-1");
        assertThat(headers.contains("Retry-After")).isFalse();
    }

    @ParameterizedTest(name = "{0}: {1} s, {2} ms")
    @CsvSource({"PT10S, 10, 10000", "PT10.001S, 11, 10001", "PT10.0000001S, 11, 10001", "PT0.02S, 1, 20", "PT0S, 1, 1"})
    void tellsTheTrueWaitInSecondsAndMillisecondsNeverLess(Duration wait, String seconds, String millis) {
        Problems.write(refusal(Code.DEADLINE, wait), "id-1", "", response());

        assertThat(headers.get("Retry-After")).isEqualTo(seconds);
        assertThat(headers.get("X-RateLimit-Interval-Milliseconds")).isEqualTo(millis);
        assertThat(headers.get("X-RateLimit-Remaining")).isEqualTo("0");
        assertThat(headers.get("X-RateLimit-Max")).isEqualTo("100");
        assertThat(headers.get("X-RateLimit-Limit-Daily")).isEqualTo("200000");
    }

    @Test
    void saysThatNothingIsLeftOfTheDayOnlyWhenItIsTrue() {
        Problems.write(refusal(Code.HOLD, Duration.ofSeconds(9)), "id-1", "", response());
        assertThat(headers.contains("X-RateLimit-Daily-Remaining")).isFalse();

        Problems.write(refusal(Code.DAILY_EXHAUSTED, Duration.ofHours(5)), "id-1", "", response());
        assertThat(headers.get("X-RateLimit-Daily-Remaining")).isEqualTo("0");
        assertThat(headers.get("X-RateLimit-Daily-Reset")).isEqualTo("18000000");
    }

    @Test
    void saysWhatWouldHaveToBeWaitedFor() {
        var problem = Problems.write(refusal(Code.DEADLINE, Duration.ofSeconds(9)), "id-1", "", response());
        var other = Problems.write(Refusal.of(Code.BAD_REQUEST, "what was seen"), "id-1", "", response());

        assertThat(problem.getString("cause")).isEqualTo("window");
        assertThat(other.containsKey("cause")).isFalse();
    }

    @Test
    void namesTheTraceWhereThereIsOne() {
        var problem = Problems.write(
                Refusal.of(Code.UNAUTHORIZED, "no key"), "id-1", "0af7651916cd43dd8448eb211c80319c", response());

        assertThat(problem.getString("traceId")).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(problem.getString("requestId")).isEqualTo("id-1");
    }

    @Test
    void saysHowToAuthenticate() {
        Problems.write(Refusal.of(Code.UNAUTHORIZED, "no key"), "id-1", "", response());

        assertThat(headers.get("WWW-Authenticate")).startsWith("Bearer ");
    }

    private static Refusal refusal(Code code, Duration wait) {
        return new Refusal(code, "what was seen", Optional.of(wait), Optional.of(LIMIT), Optional.of(Obstacle.WINDOW));
    }

    /** Of a response no more than its head. */
    private HttpServerResponse response() {
        return (HttpServerResponse) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HttpServerResponse.class}, (self, method, arguments) -> {
                    switch (method.getName()) {
                        case "setStatusCode" -> status = (int) arguments[0];
                        case "putHeader" -> headers.set((String) arguments[0], (String) arguments[1]);
                        case "getStatusMessage" -> {
                            return HttpResponseStatus.valueOf(status).reasonPhrase();
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                    return self;
                });
    }
}
