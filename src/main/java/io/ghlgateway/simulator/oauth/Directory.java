package io.ghlgateway.simulator.oauth;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The companies and their locations; it begins with those that the options list. */
public final class Directory {

    private final Map<String, List<String>> listed;
    private final Map<String, Company> companies = new LinkedHashMap<>();

    Directory(Map<String, List<String>> listed) {
        this.listed = listed;
        reset();
    }

    public Collection<Company> companies() {
        return List.copyOf(companies.values());
    }

    public Optional<Company> company(String id) {
        return Optional.ofNullable(companies.get(id));
    }

    /** The one that a location belongs to. */
    public Optional<Company> companyOf(String location) {
        return companies.values().stream()
                .filter(company -> company.has(location))
                .findFirst();
    }

    /** @throws IllegalArgumentException if the location is another company's already, or its id is none */
    public void add(Company company, String location) {
        Names.check(location, "location");
        companyOf(location).filter(owner -> owner != company).ifPresent(owner -> {
            throw new IllegalArgumentException("location " + location + " belongs to company " + owner.id());
        });
        company.add(location);
    }

    void reset() {
        companies.clear();
        listed.forEach((id, locations) -> companies.put(id, new Company(id, locations)));
    }
}
