package io.ghlgateway.simulator.oauth;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** An agency and its locations, of which some may be paused. */
public final class Company {

    private final String id;
    private final Set<String> locations = new LinkedHashSet<>();
    private final Set<String> paused = new HashSet<>();

    Company(String id, Collection<String> locations) {
        this.id = id;
        this.locations.addAll(locations);
    }

    public String id() {
        return id;
    }

    /** In the order in which they were listed. */
    public List<String> locations() {
        return List.copyOf(locations);
    }

    public boolean has(String location) {
        return locations.contains(location);
    }

    public boolean isActive(String location) {
        return !paused.contains(location);
    }

    void add(String location) {
        locations.add(location);
    }

    public void pause(String location) {
        paused.add(location);
    }

    public void resume(String location) {
        paused.remove(location);
    }
}
