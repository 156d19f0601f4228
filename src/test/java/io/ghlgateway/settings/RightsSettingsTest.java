package io.ghlgateway.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.ghlgateway.tenancy.CallerKey;
import io.ghlgateway.tenancy.Permissions;
import io.ghlgateway.tenancy.Secret;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Callers' rights and keys: what is read, and every slip that is told. */
class RightsSettingsTest {

    private static final String TENANTS = """
            tenants: [{id: acme, location: loc1, token: pit-1, tags: [eu]}, {id: beta, location: loc2, token: pit-2}]
            """;

    @Test
    void aCallerWithoutRulesMayDoAllForItsTenantsAndNoMore() {
        var caller = caller("{name: a, key: k, tenants: [acme]}").caller();

        assertThat(caller.permissions()).isEqualTo(Permissions.ALL);
        assertThat(caller.reach().apps()).isEmpty();
        assertThat(caller.reach().ids()).containsExactly("acme");
        assertThat(caller.defaultTenant()).contains("acme");
        assertThat(caller("{name: a, key: k, tenants: [\"tag:eu\"]}").caller().defaultTenant())
                .isEmpty();
    }

    @Test
    void aCallerMayHaveSeveralKeysEachWithItsEnd() {
        var keys = caller("{name: a, key: k, keys: [{key: gw_0a1b2c3d_x, expires: 2026-09-01}, {key: l, expires:"
                        + " \"2026-09-01T12:00:00Z\"}], tenants: [acme]}")
                .keys();

        assertThat(keys)
                .isEqualTo(Set.of(
                        CallerKey.of(Secret.of("k")),
                        CallerKey.of(Secret.of("gw_0a1b2c3d_x")).until(at("2026-09-01T00:00:00Z")),
                        CallerKey.of(Secret.of("l")).until(at("2026-09-01T12:00:00Z"))));
        assertThat(keys).extracting(CallerKey::id).contains(Optional.of("0a1b2c3d"), Optional.empty());
    }

    @Test
    void everySlipInRightsIsToldWithWhatWouldBeRight() {
        assertThat(problems("""
                callers:
                  - name: a
                    keys: [{key: k, key-hash: 1}, {expires: 2026-09-01}, {key: x, expires: soon}]
                    tenants: [acme, "tag:eu", "tag:ue"]
                    apps: [privat]
                    methods: [get]
                    routes: ["contacts/**", "/contacts/{contactid}", "/contacts/**", "/contacts/**"]
                    urgency: 8
                  - {name: b, key: k2, key-hash: 3, keys: [], tenants: ["*", "tag:eu"], methods: [], routes: [], apps: []}
                  - {name: c, keys: [], tenants: [acme]}
                  - {name: d, key: k4, keys: [{key: k4}], tenants: ["tag:eu"], default-tenant: beta}
                """))
                .containsExactly(
                        "f:4: callers[0].keys[0].key-hash: key and key-hash exclude each other",
                        "f:4: callers[0].keys[1]: needs key or key-hash or key-file",
                        "f:4: callers[0].keys[2].expires: expected a day such as 2026-09-01 (its beginning, in UTC) or a"
                                + " moment such as 2026-09-01T12:00:00Z, found 'soon'",
                        "f:5: callers[0].tenants[2]: there is no tenant with the tag 'ue'; did you mean 'eu'?",
                        "f:6: callers[0].apps[0]: there is no app 'privat'; did you mean 'private'?",
                        "f:7: callers[0].methods[0]: expected one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS,"
                                + " found 'get'",
                        "f:8: callers[0].routes[0]: expected a path such as /contacts/**, with '*' for one segment and"
                                + " '**' at its end for the rest, or a template as HighLevel publishes it, such as"
                                + " /contacts/{contactId}, found 'contacts/**'",
                        "f:8: callers[0].routes[1]: HighLevel publishes no operation '/contacts/{contactid}' (in a path"
                                + " of yours '*' is any one segment); did you mean '/contacts/{contactId}'?",
                        "f:8: callers[0].routes[3]: '/contacts/**' is listed twice",
                        "f:9: callers[0].urgency: expected a whole number from 0 to 7, found '8'",
                        "f:10: callers[1].apps: none, so it could do nothing; leave it out to allow all",
                        "f:10: callers[1].key-hash: key and key-hash exclude each other",
                        "f:10: callers[1].methods: none, so it could do nothing; leave it out to allow all",
                        "f:10: callers[1].routes: none, so it could do nothing; leave it out to allow all",
                        "f:10: callers[1].tenants[0]: \"*\" is every tenant and stands alone",
                        "f:11: callers[2].keys: none; list one at least, each with key, key-hash or key-file",
                        "f:12: callers[3].default-tenant: 'beta' is not among this caller's tenants",
                        "f:12: callers[3].keys[0].key: is written twice");
    }

    @Test
    void anOperatorsKeyIsNobodyElses() {
        assertThat(((Loaded.Refused)
                                load("admin: {key: k, read-key: k}\ncallers: [{name: a, key: k, tenants: [acme]}]"))
                        .problems())
                .containsExactly(
                        "f:2: admin: a key of it is that of caller 'a' too",
                        "f:2: admin.read-key: is the same as key, and would only show what that may change");
        assertThat(((Loaded.Refused) load("admin: {read-key: r}\ncallers: [{name: a, key: k, tenants: [acme]}]"))
                        .problems())
                .containsExactly(
                        "f:2: admin.read-key: needs key beside it: without one everything is shown to this machine"
                                + " anyway");
    }

    private static Optional<Instant> at(String moment) {
        return Optional.of(Instant.parse(moment));
    }

    private static CallerSettings caller(String yaml) {
        var loaded = load("callers: [" + yaml + "]");
        assertThat(loaded).isInstanceOf(Loaded.Ready.class);
        return ((Loaded.Ready) loaded).settings().callers().get(0);
    }

    private static List<String> problems(String callers) {
        return ((Loaded.Refused) load(callers)).problems();
    }

    private static Loaded load(String callers) {
        return SettingsLoader.parse(Path.of("f"), TENANTS + callers, Map.of());
    }
}
