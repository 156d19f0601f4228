package io.ghlgateway.wiring;

import io.ghlgateway.admin.Reloader;
import io.ghlgateway.http.HttpDoor;
import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over the configuration as it is written now, while the gateway runs: all of it, or nothing where anything is wrong
 * with it or was changed that only a start takes over.
 */
public final class Reload implements Reloader {

    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    /** What has to do something when the settings change; all else looks at them whenever it needs them. */
    interface Part {

        /** Off the event loops, one at a time. Throws where it can't, having changed nothing; the first part alone may. */
        void become(Settings before, Settings now);
    }

    private final Vertx vertx;
    private final ConfigSource source;
    private final AtomicReference<Settings> inForce;
    private final Configured configured;
    private final List<Part> others;
    private CertificateMarks certificates = CertificateMarks.NONE; // guarded by this object's lock

    /**
     * @param inForce what the gateway was started with; written by this alone
     * @param configured becomes what is new before the others do
     */
    Reload(
            Vertx vertx,
            ConfigSource source,
            AtomicReference<Settings> inForce,
            Configured configured,
            List<Part> others) {
        this.vertx = vertx;
        this.source = source;
        this.inForce = inForce;
        this.configured = configured;
        this.others = List.copyOf(others);
        vertx.executeBlocking(this::markCertificates, false);
    }

    private synchronized CertificateMarks markCertificates() {
        return certificates = CertificateMarks.of(inForce.get().tls());
    }

    @Override
    public Future<Reloaded> reload() {
        return vertx.executeBlocking(this::takeOver, false);
    }

    private synchronized Reloaded takeOver() {
        var loaded = source.load();
        if (loaded instanceof Loaded.Refused refused) {
            throw refused(refused.problems());
        }
        var before = inForce.get();
        var now = ((Loaded.Ready) loaded).settings();
        var marks = CertificateMarks.of(now.tls());
        var problems = problems(before, now);
        if (!problems.isEmpty()) {
            throw refused(problems);
        }
        configured.become(before, now);
        others.forEach(part -> part.become(before, now));
        inForce.set(now);
        HttpDoor.lookAtCertificates(vertx);
        var changes = new ArrayList<>(SettingsDiff.changes(before, now));
        changes.addAll(marks.changedSince(certificates));
        certificates = marks;
        var reloaded = new Reloaded(changes, loaded.warnings());
        tell(reloaded);
        return reloaded;
    }

    private List<String> problems(Settings before, Settings now) {
        var problems = new ArrayList<String>();
        RestartKeys.changed(before, now).stream()
                .map(key ->
                        key + ": was changed, and only a restart takes that over; put it back to reload what else was"
                                + " changed, or restart")
                .forEach(problems::add);
        problems.addAll(Configured.moved(before, now));
        configured.conflict(before, now).ifPresent(problems::add);
        return problems;
    }

    private static NotReloaded refused(List<String> problems) {
        problems.forEach(problem -> LOG.error("not reloaded, and all is as it was: {}", problem));
        return new NotReloaded(problems);
    }

    private static void tell(Reloaded reloaded) {
        reloaded.warnings().forEach(LOG::warn);
        reloaded.changed().forEach(change -> LOG.info("reloaded: {}", change));
        if (reloaded.changed().isEmpty()) {
            LOG.info("reloaded: nothing was changed");
        }
    }
}
