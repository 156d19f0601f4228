/** The operators' door: health, metrics, and what the gateway knows of itself. Decides of installations, tenants and callers. */
@NullMarked
package io.ghlgateway.admin;

import org.jspecify.annotations.NullMarked;
