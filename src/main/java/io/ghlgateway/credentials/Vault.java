package io.ghlgateway.credentials;

import io.ghlgateway.credentials.RecordCipher.Unreadable;
import io.ghlgateway.credentials.TokenStore.Changes;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The store as its readers see it: in clear, each kind of record on a shelf of its own in memory, following what other
 * replicas write. A store that lost records or was put back to an earlier state gets from each replica what that one
 * still knows. Any thread.
 */
public final class Vault {

    /** A record in clear. */
    record Opened(RecordName name, long generation, byte[] plain) {
        @Override
        public String toString() {
            return name + "#" + generation;
        }
    }

    /** Those who hold the records of one kind in memory. */
    interface Shelf {

        /** What is kept in the store, at the start and after each change, also what is held already. */
        void learn(Opened record);

        /** All that is held, for a store that has lost it. */
        Collection<Opened> held();
    }

    private final TokenStore store;
    private final RecordSeal seal;
    private final CredentialEvents events;
    private final Map<RecordName.Kind, Shelf> shelves = new EnumMap<>(RecordName.Kind.class);
    private Optional<String> cursor = Optional.empty(); // touched by the one look that is under way
    private final SingleFlight<String, Void> looks = new SingleFlight<>();
    private volatile boolean looking;

    public Vault(TokenStore store, RecordSeal seal, CredentialEvents events) {
        this.store = store;
        this.seal = seal;
        this.events = events;
    }

    /**
     * Before the first look, which nobody who comes later would hear of.
     *
     * @throws IllegalStateException after it
     */
    void shelve(RecordName.Kind kind, Shelf shelf) {
        if (looking) {
            throw new IllegalStateException("records of kind " + kind + " may have been read already");
        }
        shelves.put(kind, shelf);
    }

    TokenStore store() {
        return store;
    }

    Future<Optional<Opened>> read(RecordName name) {
        return store.read(name)
                .compose(found -> found.isPresent()
                        ? open(found.get()).map(Optional::of)
                        : Future.succeededFuture(Optional.empty()));
    }

    private Future<Opened> open(Sealed sealed) {
        try {
            return Future.succeededFuture(opened(sealed));
        } catch (Unreadable unreadable) {
            events.unreadable(sealed.name(), unreadable.getMessage());
            return Future.failedFuture(unreadable);
        }
    }

    Opened opened(Sealed sealed) throws Unreadable {
        return new Opened(sealed.name(), sealed.generation(), seal.open(sealed));
    }

    Sealed sealed(Opened record) {
        return seal.seal(record.name(), record.generation(), record.plain());
    }

    /** Whether it was sealed with a key that is not the keyset's first any more. */
    boolean isOld(Sealed sealed) {
        return !seal.isCurrent(sealed);
    }

    /** As {@link TokenStore#write}. */
    Future<Opened> write(Opened record) {
        return store.write(sealed(record)).compose(this::open);
    }

    /** Looks for what others wrote since the last look; the first one, and one after a loss, reads everything. */
    public Future<Void> look() {
        looking = true;
        return looks.join("look", () -> store.changes(cursor).compose(this::take));
    }

    private Future<Void> take(Changes changes) {
        boolean first = cursor.isEmpty();
        // The cursor is taken from before the reading: what is written meanwhile is seen again by the next look.
        Supplier<Future<Void>> reading = () -> first || changes.all() ? readAll(!first) : readEach(changes.names());
        return reading.get().onSuccess(read -> cursor = Optional.of(changes.cursor()));
    }

    private Future<Void> readEach(Collection<RecordName> names) {
        return InTurn.all(
                        List.copyOf(names),
                        1,
                        name -> store.read(name).onSuccess(found -> found.ifPresent(this::learn)))
                .mapEmpty();
    }

    private Future<Void> readAll(boolean again) {
        var there = new ConcurrentHashMap<RecordName, Long>();
        return store.scan(record -> {
                    there.put(record.name(), record.generation());
                    learn(record);
                })
                .compose(all -> again ? restore(there) : Future.succeededFuture());
    }

    /** Tells those who hold records of its kind; one that does not open is reported and left. */
    void learn(Sealed sealed) {
        var shelf = shelves.get(sealed.name().kind());
        if (shelf == null) {
            return;
        }
        try {
            shelf.learn(opened(sealed));
        } catch (Unreadable | RuntimeException unreadable) {
            events.unreadable(sealed.name(), String.valueOf(unreadable.getMessage()));
        }
    }

    /** Gives the store back what it has lost; one after the other, for it has just been through trouble. */
    private Future<Void> restore(Map<RecordName, Long> there) {
        var lost = new ArrayList<Opened>();
        shelves.values()
                .forEach(shelf -> shelf.held().stream()
                        .filter(record -> there.getOrDefault(record.name(), Long.MIN_VALUE) < record.generation())
                        .forEach(lost::add));
        return InTurn.all(lost, 1, record -> store.write(sealed(record)).onSuccess(this::learn))
                .mapEmpty();
    }

    /**
     * Writes records again whose key is not the first of the keyset any more, as their next generation.
     *
     * @return how many there were
     */
    Future<Integer> reseal() {
        var old = new HashMap<RecordName, Sealed>();
        return store.scan(record -> {
                    if (isOld(record)) {
                        old.put(record.name(), record);
                    }
                })
                .compose(scanned ->
                        InTurn.each(List.copyOf(old.values()), 1, this::reseal).map(old.size()));
    }

    private Future<Sealed> reseal(Sealed old) {
        return open(old)
                .compose(record ->
                        store.write(sealed(new Opened(record.name(), record.generation() + 1, record.plain()))))
                .onSuccess(this::learn);
    }
}
