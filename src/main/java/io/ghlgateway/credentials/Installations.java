package io.ghlgateway.credentials;

import io.ghlgateway.credentials.Vault.Opened;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * All installations, as far as this replica knows. What is new is written down here first, then shared, and only then
 * used. Any thread.
 */
public final class Installations implements Vault.Shelf {

    private static final int MOST_TRIES = 5;
    private static final int AT_ONCE = 16;

    private record Waiting(Installation installation, boolean replaces) {}

    private final Vault vault;
    private final RefreshJournal journal;
    private final CredentialEvents events;
    private final ConcurrentHashMap<InstallationKey, Installation> known = new ConcurrentHashMap<>();
    /** New, and not yet where it must be kept: in no memory of ours but this, or not in the store. */
    private final ConcurrentHashMap<InstallationKey, Waiting> unkept = new ConcurrentHashMap<>();

    private final List<Consumer<Installation>> listeners = new CopyOnWriteArrayList<>();

    public Installations(Vault vault, RefreshJournal journal, CredentialEvents events) {
        this.vault = vault;
        this.journal = journal;
        this.events = events;
        vault.shelve(RecordName.Kind.INSTALLATION, this);
    }

    /** Hears of each new generation from now on, on any thread; must not block. */
    public void listen(Consumer<Installation> listener) {
        listeners.add(listener);
    }

    public Optional<Installation> find(InstallationKey key) {
        return Optional.ofNullable(known.get(key));
    }

    public Collection<Installation> all() {
        return known.values();
    }

    /** How many wait to be kept where they must be. */
    public int unkept() {
        return unkept.size();
    }

    @Override
    public void learn(Opened record) {
        InstallationKey.of(record.name()).ifPresent(key -> {
            var theirs = InstallationForm.read(key, record);
            var known = giveWay(theirs);
            if (known.generation() <= theirs.generation() && known.isLaterThan(theirs)) {
                // Of one that was cut off: its tokens are spent, whatever its generation says.
                unkept.putIfAbsent(key, new Waiting(known, false));
            }
        });
    }

    @Override
    public Collection<Opened> held() {
        return known.values().stream().map(InstallationForm::write).toList();
    }

    /**
     * Takes what the store has, unless what was known is later: of two accounts that do not know of each other, all
     * replicas take the one that is there.
     *
     * @return what is known now
     */
    private Installation giveWay(Installation theirs) {
        return take(theirs, before -> !before.equals(theirs) && !before.isLaterThan(theirs));
    }

    private Installation take(Installation other, Predicate<Installation> replaces) {
        boolean[] isNew = new boolean[1];
        var now = known.compute(other.key(), (key, before) -> {
            isNew[0] = before == null || replaces.test(before);
            return isNew[0] ? other : before;
        });
        if (isNew[0]) {
            listeners.forEach(listener -> listener.accept(other));
        }
        return now;
    }

    /** What the store has; what is known where it has nothing. Fails where it cannot be asked. */
    Future<Optional<Installation>> reread(InstallationKey key) {
        return vault.read(key.name())
                .map(found -> found.map(record -> giveWay(InstallationForm.read(key, record)))
                        .or(() -> find(key)));
    }

    /**
     * Writes down, shares and adopts. A store that does not answer delays nothing: it is given the record later. Where
     * nothing can be written down at all the record is held, tried again, and not used.
     *
     * @return what stands now: this, or what another wrote meanwhile and is later
     */
    public Future<Installation> keep(Installation next) {
        return keep(next, false);
    }

    /** As {@link #keep}, for tokens out of a new code: whatever pair came by another way is older than that. */
    Future<Installation> replace(Installation next) {
        return keep(next, true);
    }

    private Future<Installation> keep(Installation next, boolean isOfNewCode) {
        boolean replaces = isOfNewCode || descendsFromWaiting(next);
        return written(next).transform((written, failure) -> {
            if (failure != null) {
                events.notKept(next.key(), "the journal cannot be written: " + failure.getMessage());
                unkept.put(next.key(), new Waiting(next, replaces));
                return share(next, replaces, MOST_TRIES);
            }
            take(next, before -> stands(next, before, replaces));
            return share(next, replaces, MOST_TRIES).recover(unreachable -> {
                events.notKept(next.key(), "the store cannot be written: " + unreachable.getMessage());
                unkept.put(next.key(), new Waiting(next, replaces));
                return Future.succeededFuture(next);
            });
        });
    }

    /** What came of a new code, and was renewed before the store heard of it, still replaces what the store has. */
    private boolean descendsFromWaiting(Installation next) {
        var waiting = unkept.get(next.key());
        return waiting != null && waiting.replaces() && next.isLaterThan(waiting.installation());
    }

    /** Tokens of a new code stand against all but their own successors. */
    private static boolean stands(Installation mine, Installation theirs, boolean replaces) {
        return mine.isLaterThan(theirs) || replaces && !theirs.isOf(mine);
    }

    /** Gives the store what is held, if that is later. */
    Future<Installation> reassert(Installation held) {
        return vault.read(held.key().name()).compose(found -> {
            var theirs = found.map(record -> InstallationForm.read(held.key(), record));
            return theirs.filter(there -> !held.isLaterThan(there)).isPresent()
                    ? Future.succeededFuture(giveWay(theirs.get()))
                    : share(held, false, MOST_TRIES);
        });
    }

    /** A minted token needs no journal: it is minted again. */
    private Future<Void> written(Installation next) {
        return next.isPrecious()
                ? journal.result(vault.sealed(InstallationForm.write(next)))
                : Future.succeededFuture();
    }

    private Future<Installation> share(Installation mine, boolean replaces, int tries) {
        return vault.write(InstallationForm.write(mine)).compose(kept -> {
            var theirs = InstallationForm.read(mine.key(), kept);
            if (!theirs.equals(mine) && stands(mine, theirs, replaces) && tries > 1) {
                return share(mine.after(theirs), replaces, tries - 1);
            }
            unkept.computeIfPresent(
                    mine.key(), (key, waiting) -> waiting.installation().isLaterThan(theirs) ? waiting : null);
            journal.settled(mine.key().name(), theirs.generation());
            return Future.succeededFuture(giveWay(theirs));
        });
    }

    /** Tries again to keep what could not be kept; asked from time to time. */
    Future<Void> settle() {
        return InTurn.each(
                List.copyOf(unkept.values()), AT_ONCE, next -> share(next.installation(), next.replaces(), MOST_TRIES));
    }
}
