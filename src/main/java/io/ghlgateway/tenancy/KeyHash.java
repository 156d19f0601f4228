package io.ghlgateway.tenancy;

public record KeyHash(String hex) {
    public static KeyHash of(Secret s) {
        return new KeyHash(s.reveal());
    }
}
