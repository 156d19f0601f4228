package io.ghlgateway.credentials;

import io.ghlgateway.credentials.Installation.Status;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What HighLevel tells of installations, in whatever order it comes, twice or late: each piece of news has a time, and one
 * that is older than what it speaks of changes nothing. A customer who uninstalls and installs again is not lost by the
 * old news. Any thread.
 */
public final class InstallationNews {

    /** HighLevel's clock and ours may differ by this. */
    private static final Duration CLOCKS = Duration.ofSeconds(5);

    /** HighLevel tells its news again for up to three days. */
    private static final Duration LATEST = Duration.ofDays(4);

    private static final int AT_ONCE = 16;

    private final Installations installations;
    private final Onboarding onboarding;
    private final Decisions decisions;
    private final Renewals renewals;

    public InstallationNews(
            Installations installations, Onboarding onboarding, Decisions decisions, Renewals renewals) {
        this.installations = installations;
        this.onboarding = onboarding;
        this.decisions = decisions;
        this.renewals = renewals;
    }

    /** Whether news could be made use of. */
    public enum Outcome {
        DONE,
        /** Its agency is not known here, or not yet: the news may have overtaken the code. */
        UNKNOWN_AGENCY
    }

    /**
     * An app was installed. What was installed by itself comes with a code and needs no news; a location under an agency
     * that is known here becomes a tenant at once.
     *
     * @param company of a location, where it is said
     * @return fails where the store cannot be asked
     */
    public Future<Outcome> installed(App app, Resource resource, Optional<String> company, Instant when) {
        if (resource.isCompany() || company.filter(Resource::isId).isEmpty()) {
            return Future.succeededFuture(Outcome.DONE);
        }
        var location = new InstallationKey(app, resource);
        var agency = new InstallationKey(app, Resource.company(company.get()));
        return installations
                .reread(location)
                .compose(known -> known.filter(there -> !there.isRevoked())
                        .map(there -> again(there, company, when))
                        .orElseGet(() -> anew(agency, resource, known, when)));
    }

    /** One that stands gets the later date, so that news of an end before that ends nothing. */
    private Future<Outcome> again(Installation there, Optional<String> company, Instant when) {
        var key = there.key();
        if (!when.isAfter(there.since().plus(CLOCKS))) {
            return Future.succeededFuture(Outcome.DONE);
        }
        return decisions
                .date(key, when)
                .compose(now -> now.isRevoked()
                        ? installed(key.app(), key.resource(), company, when) // it ended meanwhile
                        : Future.succeededFuture(Outcome.DONE));
    }

    private Future<Outcome> anew(
            InstallationKey agency, Resource location, Optional<Installation> known, Instant when) {
        return installations
                .reread(agency)
                .compose(found -> found.filter(there -> !there.isRevoked())
                        .map(there -> onboarding
                                .locationInstalled(there, location.id(), isAfter(when, known), when)
                                .map(Outcome.DONE))
                        .orElseGet(() -> Future.succeededFuture(Outcome.UNKNOWN_AGENCY)));
    }

    /** When something came to be, not when it was heard of: news may be late. */
    private static boolean isAfter(Instant when, Optional<Installation> known) {
        return known.filter(there -> !when.plus(CLOCKS).isAfter(there.since())).isEmpty();
    }

    /**
     * An app was uninstalled: its tokens are dropped, and a company's with those of all its locations.
     *
     * @return fails where the store cannot be asked
     */
    public Future<Void> uninstalled(App app, Resource resource, Instant when) {
        return installations
                .reread(new InstallationKey(app, resource))
                .compose(known -> revoked(ended(app, resource, when), when));
    }

    /**
     * An app was uninstalled, and nobody says when: it may have been installed again since. What was installed so long ago
     * that the news must be younger ends at once; of anything else HighLevel is asked, and until it has answered nothing
     * ends.
     *
     * @return whether HighLevel has it uninstalled; fails where it or the store cannot be asked
     */
    public Future<Boolean> uninstalledSometime(App app, Resource resource, Instant heard) {
        var key = new InstallationKey(app, resource);
        return installations.reread(key).compose(known -> {
            var all = ended(app, resource, heard);
            // A company stands or falls with all that it has here; where it is not known, each speaks for itself.
            var itself = all.stream().filter(each -> each.key().equals(key)).toList();
            return itself.isEmpty()
                    ? InTurn.all(all, AT_ONCE, each -> endedIfGone(each, List.of(each), heard))
                            .map(ends -> !ends.contains(false))
                    : endedIfGone(itself.get(0), all, heard);
        });
    }

    private Future<Boolean> endedIfGone(Installation asked, List<Installation> all, Instant heard) {
        var there = asked.since().isBefore(heard.minus(LATEST)) ? Future.succeededFuture(false) : isInstalled(asked);
        return there.compose(stands ->
                stands ? Future.succeededFuture(false) : revoked(all, heard).map(true));
    }

    /** By what nothing but an installation gets: a new token. Fails where HighLevel says neither yes nor no. */
    private Future<Boolean> isInstalled(Installation installation) {
        return renewals.renew(installation).transform((renewed, failure) -> {
            if (failure == null) {
                return Future.succeededFuture(!renewed.isRevoked());
            }
            if (failure instanceof NotRenewed refused && refused.isDenied()) {
                return Future.succeededFuture(false);
            }
            return switch (installations
                    .find(installation.key())
                    .orElse(installation)
                    .status()) {
                case LOST, REVOKED -> Future.succeededFuture(false);
                case PAUSED -> Future.succeededFuture(true);
                case ACTIVE, PENDING -> Future.failedFuture(failure);
            };
        });
    }

    private Future<Void> revoked(List<Installation> all, Instant when) {
        return InTurn.all(all, AT_ONCE, each -> decisions.revoke(each.key(), "uninstalled at HighLevel", when))
                .mapEmpty();
    }

    private List<Installation> ended(App app, Resource resource, Instant when) {
        return installations.all().stream()
                .filter(each -> each.key().app().equals(app))
                .filter(each -> each.key().resource().equals(resource)
                        || each.company().filter(resource::equals).isPresent())
                .filter(each -> !each.isRevoked())
                .filter(each -> !isYounger(each, when))
                // What is minted stands and falls with its agency, which may have installed the app again since.
                .filter(each -> each.parent()
                        .flatMap(installations::find)
                        .filter(agency -> isYounger(agency, when))
                        .isEmpty())
                .toList();
    }

    private static boolean isYounger(Installation installation, Instant when) {
        return installation.since().isAfter(when.plus(CLOCKS));
    }

    /**
     * Another version of an app was installed; noted where the installation is known, and was not ended before.
     *
     * @return whether it is; fails where the store cannot be asked
     */
    public Future<Boolean> updated(App app, Resource resource, String version, Instant when) {
        var key = new InstallationKey(app, resource);
        return installations
                .reread(key)
                .compose(known -> known.filter(there -> !there.isRevoked() || isYounger(there, when))
                                .isPresent()
                        ? decisions.update(key, version, when).map(true)
                        : Future.succeededFuture(false));
    }

    /**
     * An agency opened a location: if the app comes with it, it is found.
     *
     * @param when this was heard
     * @return whether all is known by now; else it is to be asked again later. Fails where HighLevel or the store cannot be
     *     asked
     */
    public Future<Boolean> locationCreated(App app, String company, Instant when) {
        return installations
                .find(new InstallationKey(app, Resource.company(company)))
                .filter(agency -> agency.status() == Status.ACTIVE)
                .map(agency -> onboarding.locationOpened(agency, when))
                .orElseGet(() -> Future.succeededFuture(true));
    }
}
