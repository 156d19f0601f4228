package io.ghlgateway.simulator.oauth;

import java.util.List;
import java.util.Optional;

/** One app in one company or location, with what has happened to its tokens so far. */
public final class Installation {

    private final App app;
    private final Company company;
    private final Optional<String> location;
    private final boolean minted;
    private List<String> scopes;
    private boolean active = true;
    private String refreshToken = "";
    private long rotations;
    private long mints;
    private long reconnects;
    private long graceRepeats;
    private long invalidGrants;

    Installation(App app, Company company, Optional<String> location, List<String> scopes, boolean minted) {
        this.app = app;
        this.company = company;
        this.location = location;
        this.scopes = List.copyOf(scopes);
        this.minted = minted;
    }

    public App app() {
        return app;
    }

    public Company company() {
        return company;
    }

    /** Absent where the app is in the whole company. */
    public Optional<String> location() {
        return location;
    }

    public UserType type() {
        return location.isPresent() ? UserType.LOCATION : UserType.COMPANY;
    }

    /** The id of what its tokens are for. */
    public String resource() {
        return location.orElse(company.id());
    }

    public List<String> scopes() {
        return scopes;
    }

    /** A location's own alone; a company's all that it has by now. */
    public boolean reaches(String other) {
        return location.map(other::equals).orElseGet(() -> company.has(other));
    }

    /** Not once it was revoked. */
    public boolean isActive() {
        return active;
    }

    /** The one that was given out last, a secret; empty once it was revoked. */
    public String refreshToken() {
        return refreshToken;
    }

    public long rotations() {
        return rotations;
    }

    /** Of a location: how often its tokens were made from its company's; of a company: how often it had some made. */
    public long mints() {
        return mints;
    }

    public long reconnects() {
        return reconnects;
    }

    public long graceRepeats() {
        return graceRepeats;
    }

    public long invalidGrants() {
        return invalidGrants;
    }

    /** Whether it exists only because its company had tokens made for it. */
    boolean isMinted() {
        return minted;
    }

    boolean isPaused() {
        return location.filter(id -> !company.isActive(id)).isPresent();
    }

    void renew(List<String> asked) {
        active = true;
        scopes = List.copyOf(asked);
    }

    void revoke() {
        active = false;
        refreshToken = "";
    }

    void issued(String token) {
        refreshToken = token;
    }

    void rotated() {
        rotations++;
    }

    void minted() {
        mints++;
    }

    void reconnected() {
        reconnects++;
    }

    void repeated() {
        graceRepeats++;
    }

    void refused() {
        invalidGrants++;
    }

    /** Without its token. */
    @Override
    public String toString() {
        return "Installation[" + app.id() + " in " + type() + " " + resource() + "]";
    }
}
