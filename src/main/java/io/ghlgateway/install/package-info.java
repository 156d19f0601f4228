/**
 * The door of HighLevel's customers: the pages on which an agency or a location connects itself to an app, and the state
 * that binds a connection to the browser in which it was begun. The only room that strangers may enter; it knows nothing
 * of callers, and tokens are out of its sight behind {@link io.ghlgateway.install.CodeExchange}.
 */
@NullMarked
package io.ghlgateway.install;

import org.jspecify.annotations.NullMarked;
