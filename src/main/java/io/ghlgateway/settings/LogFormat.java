package io.ghlgateway.settings;

/** How all that is logged is written. */
public enum LogFormat {
    /** A line of text for each event, with pairs of key and value. */
    HUMAN,
    /** A JSON object on a line for each event. */
    JSON
}
