/**
 * Puts a gateway together: {@link Assembly} makes and joins the parts by hand, {@link ProxyDoor} those of each event loop,
 * {@link Gateway} is what then runs, and {@link Reload} gives it another configuration.
 */
@NullMarked
package io.ghlgateway.wiring;

import org.jspecify.annotations.NullMarked;
