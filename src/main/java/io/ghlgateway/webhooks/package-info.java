/**
 * HighLevel's own voice: what it calls the gateway for is verified, kept until every subscriber has it, and delivered. The
 * bytes that came are the bytes that go on; of what they say only the type, the tenant and, of installations, the fields
 * that the registry lives by are read.
 */
@NullMarked
package io.ghlgateway.webhooks;

import org.jspecify.annotations.NullMarked;
