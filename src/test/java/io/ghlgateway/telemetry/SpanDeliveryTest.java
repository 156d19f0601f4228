package io.ghlgateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SpanDeliveryTest {

    private static final URI ENDPOINT = URI.create("https://user:password@otlp.example:4318/v1/traces?token=secret");
    private static final List<SpanData> THREE = Arrays.asList(new SpanData[3]);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Tracing.class);
    private long now;
    private CompletableResultCode next = CompletableResultCode.ofSuccess();
    private final SpanDelivery delivery = new SpanDelivery(
            new SpanExporter() {
                @Override
                public CompletableResultCode export(Collection<SpanData> spans) {
                    return next;
                }

                @Override
                public CompletableResultCode flush() {
                    return CompletableResultCode.ofSuccess();
                }

                @Override
                public CompletableResultCode shutdown() {
                    return CompletableResultCode.ofSuccess();
                }
            },
            ENDPOINT,
            10,
            () -> now);

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void silence() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(null);
    }

    @Test
    void saysThatSpansAreLostOnceAMinuteAndThatTheyAreDeliveredAgain() {
        delivery.export(THREE);
        assertThat(said()).isEmpty();

        next = CompletableResultCode.ofExceptionalFailure(new IllegalStateException("refused"));
        for (int second = 0; second <= 60; second++) {
            delivery.export(THREE);
            now += Duration.ofSeconds(1).toNanos();
        }
        next = CompletableResultCode.ofSuccess();
        delivery.export(THREE);
        delivery.export(THREE);

        assertThat(said())
                .containsExactly(
                        "WARN traces cannot be delivered to https://otlp.example:4318 (refused): 3 spans are lost so far",
                        "WARN traces cannot be delivered to https://otlp.example:4318 (refused): 183 spans are lost so far",
                        "INFO traces are delivered to https://otlp.example:4318 again; 183 spans were lost");
    }

    @Test
    void saysThatSpansAreDroppedWhereTheQueueCannotHoldThem() {
        ended(13);
        delivery.export(THREE); // ten are left, which the queue holds
        assertThat(said()).isEmpty();

        ended(8);
        delivery.export(THREE); // five of them found no room
        delivery.export(THREE);

        assertThat(said())
                .containsExactly(
                        "WARN traces cannot be delivered to https://otlp.example:4318 (they come faster than it takes them):"
                                + " 5 spans are lost so far",
                        "INFO traces are delivered to https://otlp.example:4318 again; 5 spans were lost");
    }

    @Test
    void lossesThatComeAndGoAreSaidOnceAMinuteToo() {
        for (int second = 0; second < 59; second++) {
            next = CompletableResultCode.ofExceptionalFailure(new IllegalStateException("refused"));
            delivery.export(THREE);
            next = CompletableResultCode.ofSuccess();
            delivery.export(THREE);
            now += Duration.ofSeconds(1).toNanos();
        }

        assertThat(said()).hasSize(2);
    }

    private void ended(int spans) {
        for (int i = 0; i < spans; i++) {
            delivery.ended();
        }
    }

    private List<String> said() {
        return log.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }
}
