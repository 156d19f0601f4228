/** The operators' door: health, metrics, and what the gateway knows of itself. Installations are approved, tenants and callers made here. */
@NullMarked
package io.ghlgateway.admin;

import org.jspecify.annotations.NullMarked;
