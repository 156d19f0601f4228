/** What every package may use to tell texts apart, to name them without saying them, or to sign them. */
@NullMarked
package io.ghlgateway.digest;

import org.jspecify.annotations.NullMarked;
