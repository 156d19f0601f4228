package io.ghlgateway.tenancy;

public final class Secret {
    private final String v;

    private Secret(String v) {
        this.v = v;
    }

    public static Secret of(String v) {
        return new Secret(v);
    }

    public String reveal() {
        return v;
    }
}
