/** The operators' door: health, metrics, and what the gateway knows of itself. Reads the other rooms, changes none. */
@NullMarked
package io.ghlgateway.admin;

import org.jspecify.annotations.NullMarked;
