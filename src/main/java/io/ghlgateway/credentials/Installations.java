package io.ghlgateway.credentials;

import io.ghlgateway.credentials.RecordSeal.Unreadable;
import io.ghlgateway.credentials.Vault.Opened;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * All installations, as far as this replica knows. What is new is written down here first, then shared, and only then
 * used. Any thread.
 */
public final class Installations implements Vault.Shelf {

    private static final int MOST_TRIES = 5;

    private final Vault vault;
    private final RefreshJournal journal;
    private final CredentialEvents events;
    private final ConcurrentHashMap<InstallationKey, Installation> known = new ConcurrentHashMap<>();
    /** New, and not yet where it must be kept: in no memory of ours but this, or not in the store. */
    private final ConcurrentHashMap<InstallationKey, Installation> unkept = new ConcurrentHashMap<>();

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
        InstallationKey.of(record.name()).ifPresent(key -> adopt(InstallationForm.read(key, record.generation(), record.plain())));
    }

    @Override
    public Collection<Opened> held() {
        return known.values().stream().map(Installations::record).toList();
    }

    /** What an earlier run of this replica wrote down; before the store is read. */
    void learn(Sealed result) throws Unreadable {
        learn(vault.unsealed(result));
    }

    private static Opened record(Installation installation) {
        return new Opened(
                installation.key().name(), installation.generation(), InstallationForm.write(installation));
    }

    /** @return the later of the two: what was known, or this */
    Installation adopt(Installation other) {
        boolean[] isNew = new boolean[1];
        var later = known.compute(other.key(), (key, mine) -> {
            isNew[0] = mine == null || other.isLaterThan(mine);
            return isNew[0] ? other : mine;
        });
        if (isNew[0]) {
            listeners.forEach(listener -> listener.accept(other));
        }
        return later;
    }

    /** What the store has; what is known where it has nothing. Fails where it cannot be asked. */
    Future<Optional<Installation>> reread(InstallationKey key) {
        return vault.read(key.name()).map(found -> found.map(
                        record -> adopt(InstallationForm.read(key, record.generation(), record.plain())))
                .or(() -> find(key)));
    }

    /**
     * Writes down, shares and adopts. A store that does not answer delays nothing: it is given the record later. Where
     * nothing can be written down at all the record is held, tried again, and not used.
     *
     * @return what stands now: this, or what another wrote meanwhile and is later
     */
    public Future<Installation> keep(Installation next) {
        return written(next).transform((written, failure) -> {
            if (failure != null) {
                events.notKept(next.key(), "the journal cannot be written: " + failure.getMessage());
                unkept.put(next.key(), next);
                return share(next, MOST_TRIES);
            }
            adopt(next);
            return share(next, MOST_TRIES).recover(unreachable -> {
                events.notKept(next.key(), "the store cannot be written: " + unreachable.getMessage());
                unkept.put(next.key(), next);
                return Future.succeededFuture(next);
            });
        });
    }

    /** Gives the store what is held, if that is later. */
    Future<Installation> reassert(Installation held) {
        return vault.read(held.key().name()).compose(found -> {
            var theirs = found.map(
                    record -> InstallationForm.read(held.key(), record.generation(), record.plain()));
            return theirs.filter(there -> !held.isLaterThan(there)).isPresent()
                    ? Future.succeededFuture(adopt(theirs.get()))
                    : share(held, MOST_TRIES);
        });
    }

    /** A minted token needs no journal: it is minted again. */
    private Future<Void> written(Installation next) {
        return next.isPrecious() ? journal.result(vault.sealed(record(next))) : Future.succeededFuture();
    }

    private Future<Installation> share(Installation mine, int tries) {
        return vault.write(record(mine)).compose(kept -> {
            var theirs = InstallationForm.read(mine.key(), kept.generation(), kept.plain());
            if (!theirs.equals(mine) && mine.isLaterThan(theirs) && tries > 1) {
                return share(mine.at(theirs.generation() + 1), tries - 1);
            }
            unkept.computeIfPresent(mine.key(), (key, waiting) -> waiting.isLaterThan(theirs) ? waiting : null);
            journal.settled(mine.key().name(), theirs.generation());
            return Future.succeededFuture(giveWay(mine, theirs));
        });
    }

    /** The store has decided: of two accounts that do not know of each other the one that came first stands. */
    private Installation giveWay(Installation mine, Installation theirs) {
        known.computeIfPresent(mine.key(), (key, held) -> held.equals(mine) ? theirs : held);
        return adopt(theirs);
    }

    /** Tries again to keep what could not be kept; asked from time to time. */
    Future<Void> settle() {
        return settleEach(List.copyOf(unkept.values()), 0);
    }

    private Future<Void> settleEach(List<Installation> waiting, int at) {
        return at == waiting.size()
                ? Future.succeededFuture()
                : share(waiting.get(at), MOST_TRIES).transform((kept, failure) -> settleEach(waiting, at + 1));
    }
}
