package io.ghlgateway.highlevel;

import io.ghlgateway.tenancy.Resource;
import java.util.Optional;

/**
 * A location or company that a request names.
 *
 * @param id decoded, as the caller wrote it; not necessarily an id that HighLevel could have given
 * @param where for people: {@code query parameter locationId}
 */
public record NamedResource(Resource.Kind kind, String id, String where) {

    /** What is named, empty if the id is malformed and so cannot be anybody's. */
    public Optional<Resource> resource() {
        try {
            return Optional.of(new Resource(kind, id));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
