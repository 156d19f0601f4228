/** What every package may use to tell texts apart, or to name them without saying them. */
@NullMarked
package io.ghlgateway.digest;

import org.jspecify.annotations.NullMarked;
