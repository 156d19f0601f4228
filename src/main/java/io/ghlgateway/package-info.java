/** The command line: what {@code serve}, {@code demo}, {@code simulator} and the others do. What they run is put together in {@code wiring}. */
@NullMarked
package io.ghlgateway;

import org.jspecify.annotations.NullMarked;
