package io.ghlgateway.highlevel;

import io.ghlgateway.tenancy.Resource;

/**
 * A location or company that a request names.
 *
 * @param id decoded, as the caller wrote it; not necessarily an id that HighLevel could have given
 * @param target whether it is only what the request acts on, and does not say for whom it is
 * @param where for people: {@code query parameter locationId}
 */
public record NamedResource(Resource.Kind kind, String id, boolean target, TenantField.Source source, String where) {

    static NamedResource in(TenantField field, String id, boolean target) {
        return new NamedResource(field.resourceKind(), id, target, field.source(), field.describe());
    }
}
