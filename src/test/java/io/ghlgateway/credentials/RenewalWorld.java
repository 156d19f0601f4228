package io.ghlgateway.credentials;

import io.ghlgateway.credentials.Installation.Origin;
import io.ghlgateway.credentials.Installation.Status;
import io.ghlgateway.highlevel.OAuthApi;
import io.ghlgateway.highlevel.OAuthClient;
import io.ghlgateway.highlevel.Route;
import io.ghlgateway.highlevel.TokenGrant;
import io.ghlgateway.tenancy.App;
import io.ghlgateway.tenancy.Resource;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Two replicas, the store they share, their disks, HighLevel, and time, in one thread and in steps: every command, disk
 * write and call to HighLevel is a step that waits until it is chosen, and between any two of them a replica may be
 * killed, an answer lost, or the store put back to what it was. The replicas run the real protocol.
 */
final class RenewalWorld {

    static final InstallationKey KEY = new InstallationKey(new App("main"), Resource.location("loc"));
    private static final OAuthClient CLIENT =
            new OAuthClient(new App("main"), "app-1", Secret.of("secret"), "https://gateway.example/callback");
    private static final Duration LIFE = Duration.ofDays(1);
    private static final long GRACE = Duration.ofSeconds(30).toNanos();
    private static final long SOON = Duration.ofSeconds(2).toNanos();
    private static final long LATE = Duration.ofSeconds(90).toNanos();
    private static final int MOST_STEPS = 2_000;

    /** How much may go wrong in one run. */
    record Faults(int preemptions, int crashes, int lateRestarts, int lostAnswers, int rollbacks) {
        static final Faults NONE = new Faults(0, 0, 0, 0, 0);
    }

    private record Step(Replica replica, String label, Runnable act, Runnable lose, boolean losable) {}

    private record Timer(long at, long order, Replica replica, Runnable act) {}

    private final Choices choices;
    private final List<Step> steps = new ArrayList<>();
    private final List<Timer> timers = new ArrayList<>();
    final List<String> story = new ArrayList<>();
    private final HighLevel highLevel = new HighLevel();
    private final Map<RecordName, Sealed> stored = new HashMap<>();
    private final List<Map<RecordName, Sealed>> snapshots = new ArrayList<>();
    private final Map<RecordName, Held> leases = new HashMap<>();
    private final Map<String, Long> claims = new HashMap<>();
    private final List<Replica> replicas = List.of(new Replica("a"), new Replica("b"));
    private long now = Duration.ofDays(1).toNanos();
    private long order;
    private long fence;
    private int storeRun;
    private Faults left;
    boolean wasLate;
    private Replica running;

    private record Held(String owner, long until) {}

    RenewalWorld(Choices choices, Faults faults) {
        this.choices = choices;
        this.left = faults;
        this.running = replicas.get(0);
        var first = highLevel.pair();
        var installation = new Installation.Draft(KEY, Origin.INSTALLED, clock());
        installation.tokens =
                Optional.of(new Tokens(first.accessToken(), first.refreshToken(), clock().minus(LIFE), clock()));
        stored.put(
                KEY.name(),
                new Sealed(
                        KEY.name(),
                        1,
                        InstallationForm.write(installation.made()).plain()));
        replicas.forEach(Replica::start);
    }

    /** Until nothing is left to do: every replica up, every answer given, every token written. */
    void run() {
        for (int step = 0; ; step++) {
            if (step == MOST_STEPS) {
                throw new AssertionError("no end after " + MOST_STEPS + " steps");
            }
            if (!once()) {
                return;
            }
        }
    }

    private boolean once() {
        if (steps.isEmpty()) {
            return wake();
        }
        var options = new ArrayList<Runnable>();
        var mine = steps.stream().filter(step -> step.replica() == running).findFirst();
        var theirs = steps.stream().filter(step -> step.replica() != running).findFirst();
        var next = mine.or(() -> theirs).orElseThrow();
        options.add(() -> take(next, false));
        if (mine.isPresent() && theirs.isPresent() && left.preemptions() > 0) {
            options.add(() -> {
                left = new Faults(
                        left.preemptions() - 1,
                        left.crashes(),
                        left.lateRestarts(),
                        left.lostAnswers(),
                        left.rollbacks());
                take(theirs.get(), false);
            });
        }
        if (left.lostAnswers() > 0 && next.losable()) {
            options.add(() -> {
                left = new Faults(
                        left.preemptions(),
                        left.crashes(),
                        left.lateRestarts(),
                        left.lostAnswers() - 1,
                        left.rollbacks());
                take(next, true);
            });
        }
        if (left.crashes() > 0) {
            options.add(() -> crash(next.replica(), SOON));
            if (left.lateRestarts() > 0) {
                options.add(() -> crash(next.replica(), LATE));
            }
        }
        if (left.rollbacks() > 0 && !snapshots.isEmpty()) {
            options.add(this::rollBack);
        }
        options.get(choices.of(options.size())).run();
        return true;
    }

    private void take(Step step, boolean lost) {
        steps.remove(step);
        running = step.replica();
        story.add(step.label() + (lost ? " LOST" : ""));
        (lost ? step.lose() : step.act()).run();
    }

    private boolean wake() {
        var next = timers.stream().min(Comparator.comparingLong(Timer::at).thenComparing(Timer::order));
        next.ifPresent(timer -> {
            timers.remove(timer);
            now = Math.max(now, timer.at());
            timer.act().run();
        });
        return next.isPresent();
    }

    private void crash(Replica replica, long down) {
        left = new Faults(
                left.preemptions(),
                left.crashes() - 1,
                left.lateRestarts() - (down == LATE ? 1 : 0),
                left.lostAnswers(),
                left.rollbacks());
        wasLate |= down == LATE;
        story.add(replica.name + " CRASHES" + (down == LATE ? " for long" : ""));
        replica.life++;
        steps.removeIf(step -> step.replica() == replica);
        timers.removeIf(timer -> timer.replica() == replica);
        at(down, null, replica::start);
    }

    private void rollBack() {
        left = new Faults(
                left.preemptions(), left.crashes(), left.lateRestarts(), left.lostAnswers(), left.rollbacks() - 1);
        story.add("STORE ROLLED BACK");
        stored.clear();
        stored.putAll(snapshots.get(0));
        leases.clear();
        claims.clear();
        storeRun++;
        replicas.forEach(replica -> at(SOON / 10, replica, replica::look));
    }

    private void at(long delay, Replica replica, Runnable act) {
        timers.add(new Timer(now + delay, order++, replica, act));
    }

    Instant clock() {
        return Instant.EPOCH.plusNanos(now);
    }

    /**
     * Has all replicas do what they do from time to time, and one renew once more, without faults: the proof. Where a
     * replica was away for longer than the grace, a reconnect may have been begun and its code lost: then another, ten
     * minutes later.
     */
    void renewOnceMore() {
        left = Faults.NONE;
        var replica = replicas.get(0);
        for (int tries = wasLate ? 3 : 1; ; tries--) {
            replicas.forEach(Replica::look);
            run();
            var renewed = replica.renewals.renew(replica.installations.find(KEY).orElseThrow());
            run();
            if (renewed.succeeded()) {
                return;
            }
            if (tries == 1) {
                throw new AssertionError(
                        "cannot renew any more: " + renewed.cause().getMessage());
            }
            now += ReconnectTurns.EVERY.toNanos();
        }
    }

    int reconnects() {
        return highLevel.reconnects;
    }

    boolean lost() {
        return replicas.stream().anyMatch(replica -> replica.lost)
                || replicas.stream()
                        .map(replica -> replica.installations.find(KEY))
                        .anyMatch(found -> found.filter(known -> known.status() == Status.LOST)
                                .isPresent());
    }

    /** A command whose effect and answer are one step; its answer may be lost. */
    private <T> Future<T> step(Replica replica, String label, boolean losable, Supplier<Future<T>> effect) {
        Promise<T> promise = Promise.promise();
        int life = replica.life;
        steps.add(new Step(
                replica,
                replica.name + " " + label,
                () -> effect.get().onComplete(promise),
                () -> {
                    effect.get();
                    if (life == replica.life) {
                        promise.fail(new OAuthApi.Unanswered("lost"));
                    }
                },
                losable));
        return promise.future();
    }

    /** HighLevel, with one installation: rotation, the grace of 30 s, and reconnects. */
    private final class HighLevel {
        private final Map<String, TokenGrant> answers = new LinkedHashMap<>();
        private final Map<String, Long> usedAt = new HashMap<>();
        private String current = "";
        private String code = "";
        private int pairs;
        private int reconnects;

        TokenGrant pair() {
            pairs++;
            current = "refresh-" + pairs;
            return new TokenGrant(
                    Optional.of(KEY.resource()),
                    Optional.empty(),
                    Optional.empty(),
                    Secret.of("access-" + pairs),
                    Optional.of(Secret.of(current)),
                    LIFE,
                    Set.of());
        }

        Future<TokenGrant> refresh(String token) {
            if (token.equals(current)) {
                usedAt.put(token, now);
                var pair = pair();
                answers.put(token, pair);
                return Future.succeededFuture(pair);
            }
            return answers.containsKey(token) && now - usedAt.get(token) <= GRACE
                    ? Future.succeededFuture(answers.get(token))
                    : Future.failedFuture(
                            new OAuthApi.Refused(OAuthApi.Refused.Reason.INVALID_GRANT, "400 invalid grant"));
        }

        Future<Secret> reconnect() {
            reconnects++;
            code = "code-" + reconnects;
            return Future.succeededFuture(Secret.of(code));
        }

        Future<TokenGrant> exchange(String given) {
            if (!given.equals(code)) {
                return Future.failedFuture(new OAuthApi.Refused(OAuthApi.Refused.Reason.INVALID_GRANT, "400 code"));
            }
            code = "";
            answers.clear();
            return Future.succeededFuture(pair());
        }
    }

    /** One replica: what a crash takes, and its disk, which it does not. */
    private final class Replica implements CredentialEvents {
        private final String name;
        private final Map<RecordName, Sealed> results = new LinkedHashMap<>();
        private final Map<RecordName, RefreshJournal.Intent> intents = new LinkedHashMap<>();
        private int life;
        private boolean lost;
        private Vault vault;
        private Installations installations;
        private Renewals renewals;

        Replica(String name) {
            this.name = name;
        }

        void start() {
            var journal = new Journal(this);
            vault = new Vault(new Store(this), new Clear(), this);
            installations = new Installations(vault, journal, this);
            var members = new Members();
            members.are(Set.of("a", "b"));
            renewals = new Renewals(
                    vault,
                    installations,
                    journal,
                    members,
                    new Api(this),
                    app -> Optional.of(CLIENT),
                    company -> Future.succeededFuture(),
                    length -> {
                        Promise<Void> rested = Promise.promise();
                        at(length.toNanos(), this, rested::complete);
                        return rested.future();
                    },
                    () -> now,
                    RenewalWorld.this::clock,
                    new SplittableRandom(name.hashCode()),
                    this);
            recover();
        }

        /** As a start does: again until the store answers, then what is due. */
        private void recover() {
            new Recovery(vault, installations, renewals, new Journal(this), this)
                    .run()
                    .onSuccess(known -> work())
                    .onFailure(unreachable -> at(SOON / 4, this, this::recover));
        }

        /** Renews until its token is a fresh one, and keeps what could not be kept. */
        private void work() {
            var current = installations.find(KEY).orElseThrow();
            boolean isStale = current.tokens()
                    .filter(tokens -> clock().isBefore(tokens.usableUntil()))
                    .isEmpty();
            if (isStale) {
                renewals.renew(current).onComplete(ended -> at(SOON / 2, this, this::work));
            } else if (installations.unkept() > 0) {
                installations.settle().onComplete(ended -> at(SOON / 2, this, this::work));
            }
        }

        void look() {
            vault.look().onFailure(unreachable -> at(SOON / 4, this, this::look));
        }

        @Override
        public void renewed(InstallationKey key, boolean minted) {}

        @Override
        public void renewalFailed(InstallationKey key, String why) {}

        @Override
        public void reconnected(InstallationKey key) {}

        @Override
        public void lost(InstallationKey key, String why) {
            lost = true;
        }

        @Override
        public void notKept(InstallationKey key, String why) {}

        @Override
        public void scopeMissing(InstallationKey key, Route route, Set<String> missing) {}

        @Override
        public void unreadable(RecordName record, String why) {
            throw new AssertionError(record + ": " + why);
        }

        @Override
        public void storeUnreachable(String why) {}
    }

    private static final class Clear implements RecordSeal {
        @Override
        public Sealed seal(RecordName name, long generation, byte[] plain) {
            return new Sealed(name, generation, plain);
        }

        @Override
        public byte[] open(Sealed sealed) {
            return sealed.bytes();
        }

        @Override
        public boolean isCurrent(Sealed sealed) {
            return true;
        }
    }

    private final class Journal implements RefreshJournal {
        private final Replica replica;

        Journal(Replica replica) {
            this.replica = replica;
        }

        @Override
        public String owner() {
            return replica.name;
        }

        @Override
        public Future<Void> intend(Intent intent) {
            return step(replica, "writes its intent", false, () -> {
                replica.intents.put(intent.name(), intent);
                return Future.succeededFuture();
            });
        }

        @Override
        public Future<Void> result(Sealed record) {
            return step(replica, "writes down #" + record.generation(), false, () -> {
                replica.results.put(record.name(), record);
                replica.intents.remove(record.name());
                return Future.succeededFuture();
            });
        }

        @Override
        public void settled(RecordName name, long generation) {}

        @Override
        public void abandoned(RecordName name, long generation) {
            replica.intents.remove(name);
        }

        @Override
        public Unfinished unfinished() {
            return new Unfinished(List.copyOf(replica.results.values()), List.copyOf(replica.intents.values()));
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    private final class Api implements OAuthApi {
        private final Replica replica;

        Api(Replica replica) {
            this.replica = replica;
        }

        @Override
        public Future<TokenGrant> exchange(OAuthClient client, Secret code) {
            return step(replica, "asks", true, () -> highLevel.exchange(code.reveal()))
                    .compose(grant -> step(replica, "hears", true, () -> Future.succeededFuture(grant)));
        }

        @Override
        public Future<TokenGrant> refresh(OAuthClient client, Resource.Kind kind, Secret token) {
            return step(replica, "asks with " + token.reveal(), true, () -> highLevel.refresh(token.reveal()))
                    .compose(grant -> step(replica, "hears", true, () -> Future.succeededFuture(grant)));
        }

        @Override
        public Future<TokenGrant> mint(Secret companyToken, String companyId, String locationId) {
            throw new AssertionError("nothing is minted here");
        }

        @Override
        public Future<Secret> reconnect(OAuthClient client, Resource resource) {
            return step(replica, "reconnects", true, highLevel::reconnect);
        }

        @Override
        public Future<InstalledLocations> installedLocations(
                Secret companyToken, OAuthClient client, String companyId, int skip, int limit) {
            throw new AssertionError("nothing is listed here");
        }
    }

    private final class Store implements TokenStore {
        private final Replica replica;

        Store(Replica replica) {
            this.replica = replica;
        }

        private <T> Future<T> command(String label, Supplier<T> effect) {
            return step(replica, label, true, () -> Future.succeededFuture(effect.get()));
        }

        @Override
        public Future<Optional<Sealed>> read(RecordName name) {
            return command("reads", () -> Optional.ofNullable(stored.get(name)));
        }

        @Override
        public Future<Sealed> write(Sealed record) {
            return command("stores #" + record.generation(), () -> {
                if (snapshots.isEmpty()) {
                    snapshots.add(Map.copyOf(stored));
                }
                return stored.merge(
                        record.name(), record, (there, mine) -> mine.generation() > there.generation() ? mine : there);
            });
        }

        @Override
        public Future<Void> scan(Consumer<Sealed> each) {
            return command("reads all", () -> {
                List.copyOf(stored.values()).forEach(each);
                return null;
            });
        }

        @Override
        public Future<Optional<Lease>> lease(RecordName name, String owner, Duration life) {
            return command("leases", () -> {
                var held = leases.get(name);
                if (held != null && held.until() > now && !held.owner().equals(owner)) {
                    return Optional.empty();
                }
                leases.put(name, new Held(owner, now + life.toNanos()));
                return Optional.of(new Lease(name, owner, ++fence));
            });
        }

        @Override
        public Future<Void> release(Lease lease) {
            return command("releases", () -> {
                leases.computeIfPresent(
                        lease.name(), (name, held) -> held.owner().equals(lease.owner()) ? null : held);
                return null;
            });
        }

        @Override
        public Future<Boolean> claim(String once, Duration life) {
            return command("claims", () -> {
                boolean first = claims.getOrDefault(once, Long.MIN_VALUE) <= now;
                if (first) {
                    claims.put(once, now + life.toNanos());
                }
                return first;
            });
        }

        @Override
        public Future<Changes> changes(Optional<String> cursor) {
            var run = Integer.toString(storeRun);
            return command(
                    "looks",
                    () -> new Changes(
                            run, Set.of(KEY.name()), cursor.filter(run::equals).isEmpty()));
        }

        @Override
        public Future<Set<String>> present(String replicaName, Duration life) {
            return Future.succeededFuture(Set.of("a", "b"));
        }

        @Override
        public Future<List<String>> weaknesses() {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }

    /** For the message of a run that failed. */
    String told() {
        return String.join("\n  ", story) + "\n  choices "
                + Arrays.toString(choices.taken().toArray());
    }
}
