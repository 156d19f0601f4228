/** Listeners: what all doors demand of HTTP, whatever stands behind them, and how long they wait for it. */
@NullMarked
package io.ghlgateway.http;

import org.jspecify.annotations.NullMarked;
