package io.ghlgateway.credentials;

import io.ghlgateway.credentials.Installation.Origin;
import io.ghlgateway.credentials.Installation.Status;
import io.ghlgateway.highlevel.OAuthApi;
import io.ghlgateway.highlevel.OAuthApi.InstalledLocations;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.highlevel.TokenGrant;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * How an app comes to a customer: a code from the install flow, or a token from elsewhere, becomes an installation; an
 * agency's brings one for each location where the app is installed, those of the future too. Any thread.
 */
public final class Onboarding {

    /** @param locations how many came with an agency */
    public record Connected(Installation installation, int locations) {}

    private static final int PAGE = 100;
    private static final int MOST_PAGES = 1_000;
    private static final int AT_ONCE = 16;
    private static final Duration LIST_OPENED_EVERY = Duration.ofMinutes(1);
    private static final Duration RELIST_EVERY = Duration.ofMinutes(10);

    private final Vault vault;
    private final Installations installations;
    private final Renewals renewals;
    private final OAuthApi api;
    private final Function<App, Optional<OAuthClient>> clients;
    private final Renewals.Toll toll;
    private final InstantSource clock;
    private final CredentialEvents events;
    /** When the last listing for an opened location began here; as many as there are agencies. */
    private final Map<InstallationKey, Instant> listed = new ConcurrentHashMap<>();

    public Onboarding(
            Vault vault,
            Installations installations,
            Renewals renewals,
            OAuthApi api,
            Function<App, Optional<OAuthClient>> clients,
            Renewals.Toll toll,
            InstantSource clock,
            CredentialEvents events) {
        this.vault = vault;
        this.installations = installations;
        this.renewals = renewals;
        this.api = api;
        this.clients = clients;
        this.toll = toll;
        this.clock = clock;
        this.events = events;
    }

    /**
     * Exchanges the code and keeps what comes.
     *
     * @param pending whether nobody may use it before it is approved
     * @return fails as {@link OAuthApi#exchange} does, or where the installation could be kept nowhere
     */
    public Future<Connected> exchange(OAuthClient client, Secret code, boolean pending) {
        return api.exchange(client, code).compose(grant -> take(client, grant, pending));
    }

    /** Keeps a token that came from elsewhere. */
    public Future<Connected> take(OAuthClient client, TokenGrant grant, boolean pending) {
        var key = new InstallationKey(client.app(), grant.resource());
        return installations
                .reread(key)
                .compose(before -> keep(key, grant, before, pending, false))
                // The code is used up: what came of it is kept.
                .recover(unreachable -> keep(key, grant, installations.find(key), pending, true))
                .compose(kept -> kept.key().resource().isCompany()
                        ? list(client, kept, true)
                                .map(count -> new Connected(kept, count))
                                .recover(unlisted -> {
                                    // The agency is connected all the same, and is listed again soon.
                                    events.renewalFailed(
                                            key, "its locations cannot be listed: " + unlisted.getMessage());
                                    return Future.succeededFuture(new Connected(kept, 0));
                                })
                        : Future.succeededFuture(new Connected(kept, 0)));
    }

    /** @param unread whether the store may have another account of it that nobody here has seen */
    private Future<Installation> keep(
            InstallationKey key, TokenGrant grant, Optional<Installation> before, boolean pending, boolean unread) {
        return before.filter(known -> known.hasHad(grant.refreshToken()))
                .map(Future::succeededFuture) // an import made again: its refresh token may be spent by now
                .orElseGet(() -> {
                    var fresh = installed(key, grant, before, pending);
                    // Beyond what any unseen account can have come to by a renewal a second, and so after it even where
                    // a crash leaves nothing of this but what the journal says.
                    return installations.replace(
                            unread
                                    ? fresh.at(Math.max(
                                            fresh.generation(), clock.instant().getEpochSecond()))
                                    : fresh);
                });
    }

    private Installation installed(
            InstallationKey key, TokenGrant grant, Optional<Installation> before, boolean pending) {
        var now = clock.instant();
        var next = new Installation.Draft(key, Origin.INSTALLED, now);
        next.generation = before.map(Installation::generation).orElse(0L) + 1;
        next.companyId = key.resource().isCompany() ? Optional.of(key.resource().id()) : grant.companyId();
        next.userId = grant.userId();
        next.scopes = grant.scopes();
        next.tokens = Optional.of(Tokens.of(grant, now));
        next.earlier = before.map(Installation::pairs).orElse(List.of());
        boolean isInUse = before.filter(known -> known.status() == Status.ACTIVE || known.status() == Status.PAUSED)
                .isPresent();
        if (pending && !isInUse) {
            next.status = Status.PENDING;
            next.reason = "installed from the Marketplace; waits for approval";
        }
        return next.made();
    }

    /**
     * Lists an agency's locations after one was opened; so many may be opened that one listing has to do for all of a
     * minute, on all replicas together.
     *
     * @return whether they were listed after this; else it is to be asked again later
     */
    Future<Boolean> locationOpened(Installation company, Instant when) {
        var client = clients.apply(company.key().app());
        if (client.isEmpty() || listed.getOrDefault(company.key(), Instant.MIN).isAfter(when)) {
            return Future.succeededFuture(true);
        }
        return vault.store().claim("opened/" + company.key(), LIST_OPENED_EVERY).compose(first -> {
            if (!first) {
                return Future.succeededFuture(false);
            }
            var began = clock.instant();
            return list(client.get(), company, false).map(count -> {
                listed.put(company.key(), began);
                return true;
            });
        });
    }

    /** Lists agencies anew, one replica in ten minutes: locations may have been added. Asked from time to time. */
    public void relist() {
        for (var company : installations.all()) {
            if (company.key().resource().isCompany() && company.status() == Status.ACTIVE) {
                clients.apply(company.key().app()).ifPresent(client -> relist(client, company));
            }
        }
    }

    private void relist(OAuthClient client, Installation company) {
        vault.store()
                .claim("relist/" + company.key(), RELIST_EVERY)
                .compose(first -> first ? list(client, company, false) : Future.succeededFuture(0))
                .onFailure(failure ->
                        events.renewalFailed(company.key(), "its locations cannot be listed: " + failure.getMessage()));
    }

    /**
     * @param anew whether the agency has just installed the app, so that what was revoked before counts again
     * @return how many locations there are
     */
    private Future<Integer> list(OAuthClient client, Installation company, boolean anew) {
        return page(client, company, 0, new ArrayList<>())
                .compose(ids -> InTurn.all(
                        List.copyOf(Set.copyOf(ids)),
                        AT_ONCE,
                        id -> locationInstalled(company, id, anew, clock.instant())))
                .map(List::size);
    }

    /** @param skip how many were listed before; HighLevel may list fewer at a time than it is asked for */
    private Future<List<String>> page(OAuthClient client, Installation company, int skip, List<String> found) {
        return usable(company)
                .compose(current -> toll.pay(current.key())
                        .compose(paid -> api.installedLocations(
                                current.tokens().orElseThrow().access(),
                                client,
                                current.key().resource().id(),
                                skip,
                                PAGE)))
                .compose((InstalledLocations answer) -> {
                    found.addAll(answer.ids());
                    int seen = skip + answer.listed();
                    return answer.listed() > 0 && seen < Math.min(answer.total(), MOST_PAGES * PAGE)
                            ? page(client, company, seen, found)
                            : Future.succeededFuture(found);
                });
    }

    private Future<Installation> usable(Installation company) {
        var current = installations.find(company.key()).orElse(company);
        return current.tokens()
                        .filter(tokens -> clock.instant().isBefore(tokens.usableUntil()))
                        .isPresent()
                ? Future.succeededFuture(current)
                : renewals.renew(current);
    }

    /**
     * A location under an agency that has the app: known from now on, and minted a token when it is first called for. One
     * that was installed by itself keeps its own token.
     *
     * @param anew whether it was installed after all that is known of it, so that what was revoked before counts again
     * @param since when it was installed
     */
    Future<Void> locationInstalled(Installation listed, String id, boolean anew, Instant since) {
        // As it stands by now: it may have been approved or revoked since.
        var company = installations.find(listed.key()).orElse(listed);
        var key = new InstallationKey(company.key().app(), Resource.location(id));
        var known = installations.find(key);
        if (company.isRevoked()
                || known.filter(there -> stays(there, company, anew)).isPresent()) {
            return Future.succeededFuture();
        }
        var next = new Installation.Draft(key, Origin.MINTED, clock.instant());
        next.generation = known.map(Installation::generation).orElse(0L) + 1;
        if (company.isPending()) {
            next.status = Status.PENDING;
            next.reason = company.reason();
        }
        next.companyId = Optional.of(company.key().resource().id());
        next.scopes = company.scopes();
        next.since = since;
        next.version = company.version();
        return installations.keep(next.made()).mapEmpty();
    }

    /** Not where its token says less, or more, than what the agency has granted now; then it is minted anew. */
    private static boolean stays(Installation location, Installation company, boolean anew) {
        if (location.isRevoked()) {
            return !anew;
        }
        if (location.origin() == Origin.INSTALLED) {
            return true;
        }
        boolean stillWaits = location.isPending() && !company.isPending();
        return !stillWaits
                && (!anew
                        || location.companyId().equals(company.companyId())
                                && location.scopes().equals(company.scopes()));
    }
}
