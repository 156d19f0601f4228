package io.ghlgateway.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.encoder.EncoderBase;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/** When lines are written, and which are not. Its pause is longer than any test: nothing here waits for it to end. */
class StderrAppenderTest {

    private static final Duration FOR_EVER = Duration.ofHours(1);
    private static final String BROKEN = "broken";

    private final LoggerContext loggers = new LoggerContext();
    private final Logger logger = loggers.getLogger("any");
    private final BlockingQueue<String> writes = new LinkedBlockingQueue<>();
    private final CountDownLatch isWriting = new CountDownLatch(1);
    private final Semaphore mayWrite = new Semaphore(0);

    @BeforeEach
    void start() {
        var appender = new StderrAppender(new Terminal(), FOR_EVER);
        var encoder = new Plain();
        encoder.start();
        loggers.setMDCAdapter(new LogbackMDCAdapter());
        appender.setContext(loggers);
        appender.setEncoder(encoder);
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stop() {
        mayWrite.release();
        loggers.stop();
    }

    @Test
    void aLineAfterASilenceIsWrittenAtOnce() throws Exception {
        mayWrite.release();

        logger.info("first");

        assertThat(write()).containsExactly("INFO first");
    }

    @Test
    void whatComesSoonAfterIsWrittenAsOneAndAStopWritesIt() throws Exception {
        mayWrite.release();
        logger.info("first");
        write();

        say(Level.INFO, 100);
        loggers.stop();

        assertThat(write()).hasSize(100).endsWith("INFO 99");
        assertThat(writes).isEmpty();
    }

    @Test
    void aLineThatCannotBeShownSilencesNoOther() throws Exception {
        mayWrite.release();
        logger.info("first");
        write();

        logger.info(BROKEN);
        logger.info("next");
        loggers.stop();

        assertThat(write()).containsExactly("INFO next");
    }

    /** Whoever logs may be an event loop. */
    @Test
    void aTerminalThatTakesNothingBlocksNobodyAndOfWhatThereIsNoRoomForInfoGoesFirstAndIsCounted() throws Exception {
        logger.info("first");
        assertThat(isWriting.await(20, TimeUnit.SECONDS)).isTrue();

        say(Level.INFO, StderrAppender.CAPACITY);
        say(Level.WARN, StderrAppender.CAPACITY);
        mayWrite.release();
        loggers.stop();

        var lines = String.join("", writes).lines().toList();
        int missing = StderrAppender.CAPACITY;
        assertThat(lines).hasSize(1 + StderrAppender.CAPACITY + 1);
        assertThat(lines).last().asString().startsWith("WARN " + missing + " lines are missing");
        assertThat(lines.stream().filter(line -> line.startsWith("WARN")).count())
                .isEqualTo(StderrAppender.RESERVED - 1 + 1);
    }

    private void say(Level level, int lines) {
        for (int i = 0; i < lines; i++) {
            logger.atLevel(level).log(String.valueOf(i));
        }
    }

    private List<String> write() throws InterruptedException {
        var write = writes.poll(20, TimeUnit.SECONDS);
        assertThat(write).as("a write").isNotNull();
        return write.lines().toList();
    }

    private static final class Plain extends EncoderBase<ILoggingEvent> {

        @Override
        public byte[] encode(ILoggingEvent event) {
            if (event.getMessage().equals(BROKEN)) {
                throw new IllegalStateException(BROKEN);
            }
            return (event.getLevel() + " " + event.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] headerBytes() {
            return new byte[0];
        }

        @Override
        public byte[] footerBytes() {
            return new byte[0];
        }
    }

    private final class Terminal extends OutputStream {

        @Override
        public void write(int one) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            isWriting.countDown();
            mayWrite.acquireUninterruptibly(); // as the system call has it
            mayWrite.release();
            writes.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
        }
    }
}
