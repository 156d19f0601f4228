/**
 * HighLevel's tokens: which one a tenant's request carries. Nothing here knows why a request is made or what it costs;
 * nothing outside this package and the upstream client sees a token's text.
 */
@NullMarked
package io.ghlgateway.credentials;

import org.jspecify.annotations.NullMarked;
