package io.ghlgateway.simulator.oauth;

/** How a request for tokens ends. */
public sealed interface Ruling permits TokenPair, Denial {}
