package io.ghlgateway;

import io.ghlgateway.admin.Reloader;
import io.ghlgateway.settings.CallerSettings;
import io.ghlgateway.settings.Loaded;
import io.ghlgateway.settings.Settings;
import io.ghlgateway.tenancy.Caller;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what a configuration says of tenants and callers while the gateway runs: all of it, or nothing where anything
 * in the file is wrong. What is made at the start only is named, and goes on as it was.
 */
final class Reload implements Reloader {

    private static final Logger LOG = LoggerFactory.getLogger(Reload.class);

    private final Vertx vertx;
    private final ConfigSource source;
    private final Configured configured;
    /** What the gateway was started with, but for tenants and callers. Written under this object's lock. */
    private volatile Settings current;

    Reload(Vertx vertx, ConfigSource source, Configured configured, Settings started) {
        this.vertx = vertx;
        this.source = source;
        this.configured = configured;
        this.current = started;
    }

    /** As it is in force. */
    Settings current() {
        return current;
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
        var before = current;
        var written = ((Loaded.Ready) loaded).settings();
        var problems = new ArrayList<>(Configured.moved(before, written));
        configured.conflict(before, written).ifPresent(problems::add);
        if (!problems.isEmpty()) {
            throw refused(problems);
        }
        var now = reloadable(before, written);
        configured.replace(before, now);
        current = now;
        var reloaded = new Reloaded(
                SettingsDiff.changes(before, now), SettingsDiff.needRestart(before, written), loaded.warnings());
        tell(reloaded);
        return reloaded;
    }

    private static NotReloaded refused(List<String> problems) {
        problems.forEach(problem -> LOG.error("not reloaded, and all is as it was: {}", problem));
        return new NotReloaded(problems);
    }

    private static void tell(Reloaded reloaded) {
        reloaded.warnings().forEach(LOG::warn);
        reloaded.changed().forEach(change -> LOG.info("reloaded: {}", change));
        if (reloaded.changed().isEmpty()) {
            LOG.info("reloaded: nothing that can be changed now was changed");
        }
        reloaded.needRestart().forEach(part -> LOG.warn("not in force before a restart: {}", part));
    }

    /** A quota has counters that go on; until a restart, who had one keeps it. */
    private static Settings reloadable(Settings before, Settings written) {
        Map<String, Caller> former = before.callers().stream()
                .map(CallerSettings::caller)
                .collect(Collectors.toMap(Caller::name, Function.identity(), (a, b) -> a));
        var callers = written.callers().stream()
                .map(caller -> former.containsKey(caller.caller().name())
                        ? new CallerSettings(
                                caller.caller()
                                        .withQuota(former.get(caller.caller().name())
                                                .quota()),
                                caller.keys())
                        : caller)
                .toList();
        return before.with(written.tenants(), callers);
    }
}
