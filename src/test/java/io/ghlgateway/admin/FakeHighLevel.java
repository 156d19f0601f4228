package io.ghlgateway.admin;

import io.ghlgateway.highlevel.OAuthApi;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.highlevel.TokenGrant;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Gives whoever asks a new token of what the refresh token's end names, or refuses all. */
final class FakeHighLevel implements OAuthApi {

    volatile List<String> installed = List.of();
    /** Listed before them, as locations that the app is not in. */
    volatile List<String> left = List.of();
    /** How many are listed at most. */
    volatile int atOnce = 100;

    volatile Optional<Refused> refusal = Optional.empty();
    /** What a refresh waits for. */
    volatile Future<Void> gate = Future.succeededFuture();

    final AtomicInteger refreshes = new AtomicInteger();
    private final String canary;
    private int issued;

    FakeHighLevel(String canary) {
        this.canary = canary;
    }

    @Override
    public Future<TokenGrant> exchange(OAuthClient client, Secret code) {
        return refused();
    }

    @Override
    public Future<TokenGrant> refresh(OAuthClient client, Resource.Kind kind, Secret refreshToken) {
        refreshes.incrementAndGet();
        var id = refreshToken.reveal().substring(refreshToken.reveal().lastIndexOf('-') + 1);
        return refusal.<Future<TokenGrant>>map(Future::failedFuture)
                .orElseGet(() -> gate.map(open -> grant(new Resource(kind, id), true)));
    }

    @Override
    public Future<TokenGrant> mint(Secret companyToken, String companyId, String locationId) {
        return refusal.<Future<TokenGrant>>map(Future::failedFuture)
                .orElseGet(() -> Future.succeededFuture(grant(Resource.location(locationId), false)));
    }

    @Override
    public Future<Secret> reconnect(OAuthClient client, Resource resource) {
        return refused();
    }

    @Override
    public Future<InstalledLocations> installedLocations(
            Secret companyToken, OAuthClient client, String companyId, int skip, int limit) {
        var all = Stream.concat(left.stream(), installed.stream()).toList();
        var page = all.stream().skip(skip).limit(Math.min(limit, atOnce)).toList();
        var ids = page.stream().filter(installed::contains).toList();
        return Future.succeededFuture(new InstalledLocations(ids, page.size(), all.size()));
    }

    private synchronized TokenGrant grant(Resource resource, boolean refreshable) {
        var text = canary + "-" + issued++ + "-" + resource.id();
        return new TokenGrant(
                Optional.of(resource),
                Optional.of("comp"),
                Optional.empty(),
                Secret.of(text),
                refreshable ? Optional.of(Secret.of(canary + "-r" + text)) : Optional.empty(),
                Duration.ofDays(1),
                Set.of());
    }

    private static <T> Future<T> refused() {
        return Future.failedFuture(new Refused(Refused.Reason.OTHER, "HighLevel answered 400: no"));
    }
}
