package io.ghlgateway.credentials;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Where records are kept: in a Redis that all replicas share, or in files of this one. It knows nothing of what a record
 * says. Any thread may call; futures complete on any thread and fail where the store cannot be reached or did not answer
 * in time: then a write may have been done or not, and doing it again is harmless. Never throws.
 */
public interface TokenStore {

    /** What is kept under this name. */
    Future<Optional<Sealed>> read(RecordName name);

    /**
     * Keeps the record if what is kept under its name is of a lower generation, or nothing is.
     *
     * @return what is kept there now, durably as far as this store can say: {@code record} itself, or what forestalled it
     */
    Future<Sealed> write(Sealed record);

    /** Hands over each record, in no order, as they come; completes after the last. What changes meanwhile may be missed. */
    Future<Void> scan(Consumer<Sealed> each);

    /**
     * Takes the lease of a record unless another owner holds it; the owner's own is prolonged, with a new fence.
     *
     * @return empty while another has it
     */
    Future<Optional<Lease>> lease(RecordName name, String owner, Duration life);

    /** Gives a lease back; does nothing if it has passed to another meanwhile. */
    Future<Void> release(Lease lease);

    /**
     * Marks something that may be done once.
     *
     * @param life how long the mark stays
     * @return whether this was the first time
     */
    Future<Boolean> claim(String once, Duration life);

    /**
     * What others and oneself have written since an earlier call. Cheap: asked several times a second.
     *
     * @param cursor from the earlier answer; empty: from now on
     */
    Future<Changes> changes(Optional<String> cursor);

    /** Says that this replica lives, and asks who else does. */
    Future<Set<String>> present(String replica, Duration life);

    /** What makes this store less durable than tokens need, each a sentence that names the setting and a better value. */
    Future<List<String>> weaknesses();

    Future<Void> close();

    /**
     * @param cursor for the next call
     * @param all whether anything may have changed, so that all is to be read again
     */
    record Changes(String cursor, Set<RecordName> names, boolean all) {
        public Changes {
            names = Set.copyOf(names);
        }
    }
}
