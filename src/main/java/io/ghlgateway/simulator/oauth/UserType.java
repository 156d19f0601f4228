package io.ghlgateway.simulator.oauth;

import java.util.Arrays;
import java.util.Optional;

/** HighLevel's two kinds of OAuth token, in its own spelling. */
public enum UserType {
    COMPANY("Company"),
    LOCATION("Location");

    private final String name;

    UserType(String name) {
        this.name = name;
    }

    public static Optional<UserType> of(String name) {
        return Arrays.stream(values()).filter(type -> type.name.equals(name)).findFirst();
    }

    @Override
    public String toString() {
        return name;
    }
}
