package io.ghlgateway.highlevel;

import io.ghlgateway.tenancy.Resource;

/**
 * A location or company that a request names.
 *
 * @param id decoded, as the caller wrote it; not necessarily an id that HighLevel could have given
 * @param where for people: {@code query parameter locationId}
 */
public record NamedResource(Resource.Kind kind, String id, String where) {

    static NamedResource in(TenantField field, String id) {
        return new NamedResource(field.resourceKind(), id, field.describe());
    }
}
