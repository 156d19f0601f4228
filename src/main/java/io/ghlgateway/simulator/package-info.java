/**
 * The outside world: a HighLevel as far as it is known, and traffic. Written from the documented facts and sharing no
 * code with the gateway, so that the two can disagree.
 */
@NullMarked
package io.ghlgateway.simulator;

import org.jspecify.annotations.NullMarked;
