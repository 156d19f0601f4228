package io.ghlgateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.simulator.Account;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every published operation, through the gateway, is answered by a HighLevel that insists on a Version the operation has,
 * a token of the right kind, and the location named where it belongs; but for those that give out tokens. It shares no code with the gateway, nor its table.
 */
class AnsweredOperationTest {

    private static final String KEY = "saas-key-77e1";
    private static final String LOCATION = "hT5bQ0zW8rXk2MvNcJ4s";
    private static final String AGENCY = "GNb7aIv4rQFV9iwNl5K";

    private static final Set<String> OLDER = PublishedOperation.all().stream()
            .filter(row -> !row.isV3())
            .map(PublishedOperation::shape)
            .collect(Collectors.toSet());

    private static final AtomicInteger CALLS = new AtomicInteger();

    @AutoClose
    private static TestBed bed;

    @BeforeAll
    static void open() {
        // OAuth's tokens, for some operations take no private ones.
        bed = TestBed.start(new Plan()
                .strict(Map.of(
                        "jwt-location", Account.parse(LOCATION), "jwt-agency", Account.parse("company:" + AGENCY)))
                .tenant("{id: oauth, location: " + LOCATION + ", token: jwt-location}")
                .tenant("{id: agency, company: " + AGENCY + ", token: jwt-agency}")
                .caller("{name: saas, key: " + KEY + ", tenants: [acme, oauth, agency]}"));
    }

    static List<PublishedOperation> rows() {
        return PublishedOperation.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void isAnswered(PublishedOperation row) {
        var answer = bed.send(call(row));

        if (row.givesOutTokens()) {
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.headers().firstValue("X-Gateway-Error")).hasValue("forbidden");
            return;
        }
        assertThat(answer.statusCode() / 100).as(answer.body()).isEqualTo(2);
        assertThat(answer.headers().firstValue("X-Gateway-Error")).isEmpty();
    }

    private static HttpRequest.Builder call(PublishedOperation row) {
        // No two calls mean the same record, nor an agency's the same location, for some delete theirs.
        int number = CALLS.incrementAndGet();
        var location = row.token().equals("agency") ? "location" + number : LOCATION;
        var path = row.path(Map.of("locationId", location, "companyId", AGENCY))
                .replace(PublishedOperation.ANY_VALUE, "record" + number);
        var query = row.namesLocationIn("query") ? "?" + row.locationField() + "=" + LOCATION : "";
        var request = bed.stranger(path + query)
                .header("X-Gateway-Key", KEY)
                .method(row.method(), BodyPublishers.ofString(body(row)))
                .header("Content-Type", type(row));
        if (row.token().equals("agency")) {
            request.header("X-Tenant", "agency");
        } else if (row.media().startsWith("multipart/")
                || Stream.of("path", "query", "body").noneMatch(row::namesLocationIn)) {
            request.header("X-GHL-Location-Id", LOCATION);
        }
        // Where two generations describe an operation the gateway speaks the older; the newer must be asked for.
        boolean newer =
                row.isV3() && OLDER.contains(row.shape()) && !row.version().equals("-");
        return newer ? request.header("Version", row.version()) : request;
    }

    private static String body(PublishedOperation row) {
        if (!row.media().equals("-")) {
            return row.media().startsWith("multipart/") ? "--x--\r\n" : "a=1";
        }
        return row.namesLocationIn("body") ? "{\"" + row.locationField() + "\": \"" + LOCATION + "\"}" : "{}";
    }

    private static String type(PublishedOperation row) {
        return row.media().equals("-")
                ? "application/json"
                : row.media().startsWith("multipart/")
                        ? row.media() + "; boundary=x"
                        : "application/x-www-form-urlencoded";
    }
}
