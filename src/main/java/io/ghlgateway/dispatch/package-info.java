/**
 * The story of a request: wait for a turn, take a token and a connection, pay, send, settle, judge, and answer or go
 * round again. Knows nothing of how callers reach us or how things are counted.
 */
@NullMarked
package io.ghlgateway.dispatch;

import org.jspecify.annotations.NullMarked;
