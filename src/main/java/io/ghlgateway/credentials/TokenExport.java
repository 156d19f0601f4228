package io.ghlgateway.credentials;

import io.ghlgateway.credentials.RecordCipher.Unreadable;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Takes all records out of the store and puts them back, sealed as they are: who has no keyset has nothing. Any thread. */
public final class TokenExport {

    /**
     * @param written were not there, or older
     * @param kept are there as new as this, or newer
     * @param unreadable names of those that this gateway's keyset does not open; nothing was done with them
     */
    public record Counts(int written, int kept, List<String> unreadable) {
        public Counts {
            unreadable = List.copyOf(unreadable);
        }
    }

    private static final int AT_ONCE = 64;

    private final Vault vault;

    public TokenExport(Vault vault) {
        this.vault = vault;
    }

    /** All there are, but for the mark that the keyset is tried on. */
    public Future<List<Sealed>> all() {
        var all = new ConcurrentLinkedQueue<Sealed>();
        return vault.store()
                .scan(record -> {
                    if (record.name().kind() != RecordName.Kind.SENTINEL) {
                        all.add(record);
                    }
                })
                .map(scanned -> List.copyOf(all));
    }

    /** Puts back what the store lacks; never in the place of a newer generation. */
    public Future<Counts> restore(List<Sealed> records) {
        var readable = new ArrayList<Sealed>();
        var unreadable = new ArrayList<String>();
        for (var record : records) {
            if (record.name().kind() != RecordName.Kind.SENTINEL && opens(record)) {
                readable.add(record);
            } else {
                unreadable.add(record.name().toString());
            }
        }
        return InTurn.all(readable, AT_ONCE, this::written).map(each -> {
            int written = Collections.frequency(each, true);
            return new Counts(written, readable.size() - written, unreadable);
        });
    }

    private Future<Boolean> written(Sealed record) {
        return vault.store().read(record.name()).compose(there -> {
            if (there.filter(kept -> kept.generation() >= record.generation()).isPresent()) {
                return Future.succeededFuture(false);
            }
            return vault.store().write(record).map(kept -> {
                vault.learn(kept);
                return kept.equals(record);
            });
        });
    }

    private boolean opens(Sealed record) {
        try {
            vault.opened(record);
            return true;
        } catch (Unreadable unreadable) {
            return false;
        }
    }
}
