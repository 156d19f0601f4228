/**
 * HighLevel's tokens: which one a tenant's request carries. Nothing here knows why a request is made or what it costs.
 * A token goes about as a {@link io.ghlgateway.tenancy.Secret}, whose text is looked at where it is sent, sealed or read in.
 */
@NullMarked
package io.ghlgateway.credentials;

import org.jspecify.annotations.NullMarked;
