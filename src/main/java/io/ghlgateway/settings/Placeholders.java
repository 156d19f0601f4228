package io.ghlgateway.settings;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The environment in a text: <code>${NAME}</code>, <code>${NAME:-default}</code> for when the variable is unset or empty,
 * and <code>$${</code> for a plain <code>${</code>. What a variable holds is taken as it is.
 */
final class Placeholders {

    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\$\\$\\{|\\$\\{(?:(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<otherwise>[^}]*))?\\})?");

    private Placeholders() {}

    /** @return empty when something is missing, which {@code problem} was then told */
    static Optional<String> fill(String text, Map<String, String> environment, Consumer<String> problem) {
        var filled = new StringBuilder();
        Matcher found = PLACEHOLDER.matcher(text);
        boolean complete = true;
        while (found.find()) {
            String with = found.group().equals("$${") ? "${" : value(found, environment, problem);
            complete &= !with.isEmpty() || found.group("otherwise") != null;
            found.appendReplacement(filled, Matcher.quoteReplacement(with));
        }
        found.appendTail(filled);
        return complete ? Optional.of(filled.toString()) : Optional.empty();
    }

    /** Empty after a problem, or where the default is. */
    private static String value(Matcher found, Map<String, String> environment, Consumer<String> problem) {
        String name = found.group("name");
        if (name == null) {
            problem.accept("'${' begins no ${NAME}; a plain '${' is written '$${'");
            return "";
        }
        String value = environment.getOrDefault(name, "");
        if (!value.isEmpty()) {
            return value;
        }
        String otherwise = found.group("otherwise");
        if (otherwise != null) {
            return otherwise;
        }
        problem.accept("environment variable " + name + (environment.containsKey(name) ? " is empty" : " is not set"));
        return "";
    }
}
