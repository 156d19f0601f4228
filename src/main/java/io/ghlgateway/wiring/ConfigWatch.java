package io.ghlgateway.wiring;

import io.ghlgateway.admin.Reloader;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/** Has the configuration taken over when its files have changed and lie still again, and on SIGHUP. */
public final class ConfigWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final Supplier<String> mark;
    private final Supplier<String> loaded;
    private final Runnable reload;
    private String seen;

    /**
     * @param mark of the files as they are; blocks
     * @param loaded the mark of what was loaded last
     */
    ConfigWatch(Supplier<String> mark, Supplier<String> loaded, Runnable reload) {
        this.mark = mark;
        this.loaded = loaded;
        this.reload = reload;
        this.seen = loaded.get();
    }

    /** Until the process ends. */
    public static void start(Vertx vertx, ConfigSource source, Reload reload) {
        Runnable now = () -> reload.reload().onFailure(ConfigWatch::tell);
        var watch = new ConfigWatch(source::mark, source::loadedMark, now);
        vertx.setPeriodic(
                PERIOD.toMillis(),
                id -> vertx.executeBlocking(() -> {
                    watch.look();
                    return null;
                }));
        try {
            Signal.handle(new Signal("HUP"), hup -> now.run()); // the only way that Java has to hear of it
        } catch (IllegalArgumentException unknown) {
            LOG.info("this system has no SIGHUP; the file is looked at every {} ms", PERIOD.toMillis());
        }
    }

    private static void tell(Throwable cause) {
        if (!(cause instanceof Reloader.NotReloaded)) { // which has been told
            LOG.error("not reloaded, by a defect", cause);
        }
    }

    /** What is being written is left alone until two looks see the same: half a file may well be a sound one. */
    synchronized void look() {
        var now = mark.get();
        boolean liesStill = now.equals(seen);
        seen = now;
        if (liesStill && !now.equals(loaded.get())) {
            reload.run();
        }
    }
}
