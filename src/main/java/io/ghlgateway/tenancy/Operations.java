package io.ghlgateway.tenancy;

import java.util.List;

/** A set of HighLevel's operations, whatever their methods. Immutable; two are equal when they are written alike. */
public interface Operations {

    /**
     * Whether an operation is one of these, however another server may read its path.
     *
     * @param template as it is published; some word without a slash where the operation is not
     * @param path as it came, still encoded, without the query
     */
    boolean include(String template, String path);

    /** As operators write them. */
    List<String> written();
}
