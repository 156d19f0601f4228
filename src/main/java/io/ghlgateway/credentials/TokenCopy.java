package io.ghlgateway.credentials;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Brings all records of one store to another, as they are: from files to Redis, or back. A newer one there is left as it
 * is. May be interrupted and run again, and while the other store is in use; the first should not be.
 */
public final class TokenCopy {

    private static final int AT_ONCE = 100;

    private TokenCopy() {}

    /**
     * What became of the records.
     *
     * @param copied not there before, or older
     * @param alreadyThere the very same
     * @param newerThere of a higher generation
     * @param differing others of the same generation, by name: whether they say the same only the keyset tells
     * @param readBack how many of each kind the other store then gave back: what is to be there, or a newer one
     * @param verified whether these are all, and none differs
     */
    public record Result(
            int copied,
            int alreadyThere,
            int newerThere,
            List<RecordName> differing,
            Map<RecordName.Kind, Integer> readBack,
            boolean verified) {
        public Result {
            differing = List.copyOf(differing);
            readBack = Map.copyOf(readBack);
        }
    }

    private enum Outcome {
        COPIED,
        ALREADY_THERE,
        NEWER_THERE,
        DIFFERENT_THERE
    }

    /** @param there what the other store has instead, or too */
    private record Settled(Outcome outcome, Sealed there) {

        static Settled found(Sealed record, Sealed there) {
            if (there.generation() > record.generation()) {
                return new Settled(Outcome.NEWER_THERE, there);
            }
            // Each gateway leaves its own mark for keysets; what it says is always the same.
            boolean same = there.equals(record) || record.name().kind() == RecordName.Kind.SENTINEL;
            return new Settled(same ? Outcome.ALREADY_THERE : Outcome.DIFFERENT_THERE, there);
        }
    }

    /** Fails with the first read or write that does; what was copied by then stays. */
    public static Future<Result> copy(TokenStore from, TokenStore to) {
        var records = Collections.synchronizedList(new ArrayList<Sealed>());
        return from.scan(records::add)
                .compose(all -> InTurn.all(List.copyOf(records), AT_ONCE, record -> settle(record, to)))
                .compose(settled -> InTurn.all(settled, AT_ONCE, each -> isThere(each.there(), to))
                        .map(found -> result(settled, found)));
    }

    private static Future<Settled> settle(Sealed record, TokenStore to) {
        return to.read(record.name()).compose(there -> {
            if (there.isPresent() && there.get().generation() >= record.generation()) {
                return Future.succeededFuture(Settled.found(record, there.get()));
            }
            return to.write(record)
                    .map(kept -> kept.equals(record)
                            ? new Settled(Outcome.COPIED, kept)
                            : Settled.found(record, kept)); // of one who wrote in between
        });
    }

    private static Future<Boolean> isThere(Sealed record, TokenStore to) {
        return to.read(record.name())
                .map(found -> found.isPresent()
                        && (found.get().generation() > record.generation()
                                || found.get().equals(record)));
    }

    private static Result result(List<Settled> settled, List<Boolean> found) {
        var outcomes = new EnumMap<Outcome, Integer>(Outcome.class);
        var readBack = new EnumMap<RecordName.Kind, Integer>(RecordName.Kind.class);
        for (int i = 0; i < settled.size(); i++) {
            outcomes.merge(settled.get(i).outcome(), 1, Integer::sum);
            if (found.get(i)) {
                readBack.merge(settled.get(i).there().name().kind(), 1, Integer::sum);
            }
        }
        var differing = settled.stream()
                .filter(each -> each.outcome() == Outcome.DIFFERENT_THERE)
                .map(each -> each.there().name())
                .toList();
        return new Result(
                outcomes.getOrDefault(Outcome.COPIED, 0),
                outcomes.getOrDefault(Outcome.ALREADY_THERE, 0),
                outcomes.getOrDefault(Outcome.NEWER_THERE, 0),
                differing,
                readBack,
                differing.isEmpty() && !found.contains(false));
    }
}
