/**
 * The command line, the configuration and the composition root: everything is wired here by hand. Sees all packages;
 * none of them sees it.
 */
@NullMarked
package io.ghlgateway;

import org.jspecify.annotations.NullMarked;
