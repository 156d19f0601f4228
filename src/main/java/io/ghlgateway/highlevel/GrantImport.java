package io.ghlgateway.highlevel;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A token answer of HighLevel's that was kept elsewhere and is brought here by hand: read as the answer itself is, but
 * who brings it hears of everything that it lacks.
 *
 * @param grant empty where something is missing
 * @param problems what is missing, by field; none repeats what was given
 */
public record GrantImport(Optional<TokenGrant> grant, List<String> problems) {

    private static final String COMPANY = "Company";
    private static final String LOCATION = "Location";

    public GrantImport {
        problems = List.copyOf(problems);
    }

    /** @param answer as HighLevel wrote it, in snake case or camel case; what else it holds does no harm */
    public static GrantImport of(JsonObject answer) {
        var fields = new OAuthFields(answer);
        var problems = new ArrayList<String>();
        switch (fields.text("user_type").orElse("")) {
            case COMPANY -> requireId(fields, "company_id", "companyId", COMPANY, problems);
            case LOCATION -> requireId(fields, "location_id", "locationId", LOCATION, problems);
            default -> problems.add("userType: expected \"Company\" or \"Location\"");
        }
        requireToken(fields, "access_token", problems);
        requireToken(fields, "refresh_token", problems);
        if (fields.number("expires_in").filter(life -> life.longValue() > 0).isEmpty()) {
            problems.add("expires_in: expected a number of seconds above 0");
        }
        if (problems.isEmpty()) {
            var read = GrantReading.renewable(answer); // which may demand more one day
            if (read.succeeded()) {
                return new GrantImport(Optional.of(read.result()), List.of());
            }
            problems.add(String.valueOf(read.cause().getMessage()));
        }
        return new GrantImport(Optional.empty(), problems);
    }

    private static void requireId(
            OAuthFields fields, String name, String shown, String type, ArrayList<String> problems) {
        if (fields.id(name).isEmpty()) {
            problems.add(shown + ": expected HighLevel's id (letters, digits, '-' and '_'), since userType is " + type);
        }
    }

    private static void requireToken(OAuthFields fields, String name, ArrayList<String> problems) {
        if (fields.token(name).isEmpty()) {
            problems.add(name + ": expected a token (visible ASCII characters, without blanks)");
        }
    }
}
