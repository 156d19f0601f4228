package io.ghlgateway.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Standard error, written to by a thread of its own and by the batch: what comes after a silence is written at once, what
 * comes within {@link #PAUSE} of that is written together. A write for each line would cost more than all else about it.
 *
 * <p>A slow terminal must not stop an event loop: lines are dropped rather than waited for, those up to INFO first, and
 * how many were is told where they are missing. {@link
 * #stop} writes what is left. Appending takes any thread, and never blocks it.
 */
public final class StderrAppender extends OutputStreamAppender<ILoggingEvent> {

    static final int CAPACITY = 8_192;
    /** With less room than this there is none for INFO. */
    static final int RESERVED = CAPACITY / 5;

    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(5);
    private static final int BUFFER = 32 * 1024;

    private final OutputStream target;
    private final Duration pause;
    private final LongAdder dropped = new LongAdder();
    private final BlockingQueue<ILoggingEvent> queue = new LinkedBlockingQueue<>(CAPACITY);
    /** The writer's own. */
    private CountDownLatch ending = new CountDownLatch(1);

    private @Nullable Thread writer;

    public StderrAppender() {
        this(ConsoleTarget.SystemErr.getStream(), PAUSE);
    }

    StderrAppender(OutputStream target, Duration pause) {
        this.target = target;
        this.pause = pause;
        setImmediateFlush(false);
    }

    @Override
    public void start() {
        var end = new CountDownLatch(1);
        setOutputStream(new BufferedOutputStream(target, BUFFER));
        super.start();
        if (!isStarted()) {
            return; // it has said why
        }
        var begun = new Thread(() -> work(end), "log");
        begun.setDaemon(true);
        begun.start();
        ending = end;
        writer = begun;
    }

    @Override
    protected void append(ILoggingEvent event) {
        boolean hasRoom = event.getLevel().toInt() > Level.INFO_INT || queue.remainingCapacity() >= RESERVED;
        if (hasRoom) {
            event.prepareForDeferredProcessing();
        }
        if (!hasRoom || !queue.offer(event)) {
            dropped.increment();
        }
    }

    private void work(CountDownLatch ending) {
        var batch = new ArrayList<ILoggingEvent>();
        try {
            do {
                batch.add(queue.take());
                writeAll(batch);
            } while (!ending.await(pause.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException stopping) {
            // and so it does not wait for more
        }
        writeAll(batch);
    }

    private void writeAll(List<ILoggingEvent> batch) {
        do {
            queue.drainTo(batch);
            batch.forEach(this::writeLine);
            batch.clear();
        } while (!queue.isEmpty());
        long missing = dropped.sumThenReset();
        if (missing > 0) {
            writeLine(notice(missing));
        }
        streamWriteLock.lock();
        try {
            getOutputStream().flush();
        } catch (IOException e) {
            addError("standard error cannot be written", e);
        } finally {
            streamWriteLock.unlock();
        }
    }

    private ILoggingEvent notice(long missing) {
        var text = missing + " lines are missing here: standard error took them too slowly";
        return new LoggingEvent(
                StderrAppender.class.getName(),
                ((LoggerContext) getContext()).getLogger(StderrAppender.class),
                Level.WARN,
                text,
                null,
                null);
    }

    /** One that cannot be shown must not silence all that follow. */
    private void writeLine(ILoggingEvent event) {
        try {
            subAppend(event);
        } catch (RuntimeException | Error e) {
            addError("a line cannot be written", e);
        }
    }

    @Override
    public void stop() {
        var begun = writer;
        if (!isStarted() || begun == null) {
            return;
        }
        ending.countDown();
        begun.interrupt();
        try {
            begun.join(STOPS_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (begun.isAlive()) {
            started = false; // the terminal takes nothing, and whoever waits for it would never end
        } else {
            super.stop();
        }
    }
}
