package io.ghlgateway.credentials;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Finds out at the start whether the keyset is the one that the store's records were sealed with. */
public final class Sentinel {

    private static final RecordName NAME = new RecordName(RecordName.Kind.SENTINEL, "keyset");
    private static final byte[] TEXT = "sealed with a keyset of this gateway".getBytes(StandardCharsets.UTF_8);

    private Sentinel() {}

    /** Whether a start has left its mark there: what the store keeps is sealed. */
    public static Future<Boolean> isIn(TokenStore store) {
        return store.read(NAME).map(Optional::isPresent);
    }

    /** Whether the marks of both stores were left with the same key; also where one has none yet. */
    public static Future<Boolean> areOfOneKey(TokenStore one, TokenStore other) {
        return one.read(NAME)
                .compose(mine -> other.read(NAME)
                        .map(theirs -> mine.isEmpty()
                                || theirs.isEmpty()
                                || RecordCipher.keyOf(mine.get()) == RecordCipher.keyOf(theirs.get())));
    }

    /**
     * Leaves a mark in a store that has none; opens the one that is there. Waits for a store that cannot be asked.
     *
     * @return fails with {@link RecordCipher.Unreadable} where the keyset is another: nothing may be written then
     */
    public static Future<Void> check(
            TokenStore store, RecordSeal seal, Pause pause, Duration retry, CredentialEvents events) {
        return InTurn.untilDone(
                        () -> store.read(NAME)
                                .compose(found -> found.isPresent()
                                        ? Future.succeededFuture(found.get())
                                        : store.write(seal.seal(NAME, 1, TEXT))),
                        pause,
                        retry,
                        unreachable -> events.storeUnreachable(String.valueOf(unreachable.getMessage())))
                .compose(mark -> {
                    try {
                        seal.open(mark);
                        return Future.succeededFuture();
                    } catch (RecordCipher.Unreadable other) {
                        return Future.failedFuture(other);
                    }
                });
    }
}
