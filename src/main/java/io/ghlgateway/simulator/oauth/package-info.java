/**
 * HighLevel's OAuth as a model without HTTP: apps, companies with their locations, installations, codes and tokens that
 * rotate. It knows time and chance only as they are given to it, and nothing of faults, quotas or the wire. Owned by the
 * simulator's event loop: nothing in it is safe for use by several threads.
 */
@NullMarked
package io.ghlgateway.simulator.oauth;

import org.jspecify.annotations.NullMarked;
