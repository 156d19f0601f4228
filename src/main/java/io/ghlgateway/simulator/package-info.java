/**
 * The outside world: a HighLevel to test against, and traffic to test with. Written from HighLevel's documented and
 * measured behaviour, it imports no other package of this project, so that it can disagree with the gateway. What it
 * counts as refused is the number that judges us.
 */
@NullMarked
package io.ghlgateway.simulator;

import org.jspecify.annotations.NullMarked;
