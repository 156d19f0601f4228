package io.ghlgateway.telemetry;

import io.ghlgateway.credentials.CredentialEvents;
import io.ghlgateway.credentials.DeadCredentials;
import io.ghlgateway.credentials.Installation;
import io.ghlgateway.credentials.InstallationKey;
import io.ghlgateway.credentials.RecordName;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.install.InstallEvents;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Tenant;
import io.micrometer.core.instrument.Counter;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of credentials and installations, counted and logged: a lost one is an error, for somebody must act. Any
 * thread. Nothing that comes here holds a token.
 */
public final class CredentialMeters implements CredentialEvents, DeadCredentials.Events, InstallEvents {

    private static final Logger LOG = LoggerFactory.getLogger("credentials");
    private static final int MOST_NAMED = 10_000;

    private final MeterMaker meters;
    private final Counter notKept;
    private final Counter unreadable;
    private final Counter storeFailures;
    private final NowAndThen storeLogged = new NowAndThen();
    private final Set<String> named = ConcurrentHashMap.newKeySet();

    CredentialMeters(MeterMaker meters) {
        this.meters = meters;
        // Those that are alerted on begin at 0: what begins at 1 has not increased.
        List.of("minted", "renewed", "failed", "reconnected", "lost", "dead").forEach(this::renewals);
        notKept = meters.counter("credentials_not_kept", "New tokens that could not be kept at once");
        unreadable =
                meters.counter("credentials_unreadable", "Records that cannot be read, each time that they are met");
        storeFailures = meters.counter("token_store_failures", "Times that the token store did not answer");
    }

    /** Has {@code installations} and {@code credential_ends_seconds} read where they are known. Once, at start. */
    public void watch(Supplier<Collection<Installation>> all, InstantSource clock) {
        new InstallationGauges(all, clock).register(meters);
    }

    private Counter renewals(String outcome) {
        return meters.counter("credential_renewals", "What became of renewals of tokens", "outcome", outcome);
    }

    private void renewal(String outcome) {
        renewals(outcome).increment();
    }

    private void install(App app, String outcome) {
        meters.count("installs", "app", app.id(), "outcome", outcome);
    }

    @Override
    public void renewed(InstallationKey key, boolean minted) {
        renewal(minted ? "minted" : "renewed");
        LOG.info("{}: {} token", key, minted ? "minted a" : "renewed its");
    }

    @Override
    public void renewalFailed(InstallationKey key, String why) {
        renewal("failed");
        LOG.warn("{}: not renewed, and tried again: {}", key, why);
    }

    @Override
    public void reconnected(InstallationKey key) {
        renewal("reconnected");
        LOG.warn("{}: its refresh token was lost, and replaced by a reconnect", key);
    }

    @Override
    public void lost(InstallationKey key, String why) {
        renewal("lost");
        LOG.error("{}: lost, its customer must install the app again: {}", key, why);
    }

    @Override
    public void notKept(InstallationKey key, String why) {
        notKept.increment();
        LOG.error("{}: a new token is not yet where it must be kept, and that is tried again: {}", key, why);
    }

    @Override
    public void scopeMissing(InstallationKey key, Route route, Set<String> missing) {
        meters.count("scope_missing", "app", key.app().id());
        if (named.size() < MOST_NAMED && named.add(key.app() + " " + route.method() + " " + route.template())) {
            LOG.warn(
                    "{}: {} {} needs the scope {}, which this installation lacks (said once for each operation)",
                    key,
                    route.method(),
                    route.template(),
                    String.join(", ", missing));
        }
    }

    @Override
    public void unreadable(RecordName name, String why) {
        unreadable.increment();
        LOG.error("{}: cannot be read and is left as it is: {}", name, why);
    }

    @Override
    public void overruled(RecordName name) {
        LOG.warn(
                "{}: was made at the admin door and is configured too; the configured one is in force, and the other can"
                        + " be deleted: DELETE /admin/v1/{}s/{}",
                name,
                name.kind().name().toLowerCase(Locale.ROOT),
                name.id());
    }

    @Override
    public void storeUnreachable(String why) {
        storeFailures.increment();
        if (storeLogged.takeTurn()) {
            LOG.warn("the token store cannot be asked, tokens at hand are used: {}", why);
        }
    }

    @Override
    public void died(Tenant tenant) {
        renewal("dead");
        LOG.error("tenant '{}': HighLevel refuses its private integration token; set another", tenant.id());
    }

    @Override
    public void revived(Tenant tenant) {
        LOG.info("tenant '{}': HighLevel takes its private integration token again", tenant.id());
    }

    @Override
    public void begun(App app) {
        install(app, "begun");
    }

    @Override
    public void completed(App app, Resource.Kind kind, boolean pending) {
        install(app, pending ? "pending" : "completed");
        LOG.info(
                "app '{}': installed at a {}{}",
                app,
                kind == Resource.Kind.COMPANY ? "company" : "location",
                pending ? ", waits for approval" : "");
    }

    @Override
    public void refused(App app, Reason reason) {
        install(app, reason.wire());
        LOG.warn("app '{}': an installation came to nothing: {}", app, reason.wire());
    }
}
