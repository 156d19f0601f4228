package io.ghlgateway.credentials;

/**
 * The right to renew one record, for a while. It keeps two from doing the same work; what keeps a late one from doing
 * harm is that a store takes no record whose generation is not above what it has.
 *
 * @param owner the replica that holds it
 * @param fence greater than that of every earlier lease of this record
 */
public record Lease(RecordName name, String owner, long fence) {}
