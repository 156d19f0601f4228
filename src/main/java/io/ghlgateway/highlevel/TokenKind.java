package io.ghlgateway.highlevel;

/** Whose authority an operation asks for. */
public enum TokenKind {
    /** A sub-account's token: private integration, OAuth installed there, or minted from the company's. */
    LOCATION,
    /** An agency's token. */
    AGENCY,
    /** Either of the two. */
    EITHER,
    /** No token at all. */
    NONE
}
