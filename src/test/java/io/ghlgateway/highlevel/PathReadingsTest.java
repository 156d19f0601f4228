package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathReadingsTest {

    private final RouteCatalogue routes = RouteCatalogue.load();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/locations/loc1%2Ftags",
                "/locations/loc1%2ftags",
                "/locations/loc1;x=1",
                "/locations/loc1;/tags",
                "/locations//loc1",
                "//locations/loc1",
                "/locations/loc1//tags",
                "/contacts/a%2fb",
                "/contacts%2fa",
                "/contacts;v=1/a",
                "/contacts/;x/a",
                "/contacts//"
            })
    void areAmbiguousWhereOneIsAnotherOperationOrTenant(String path) {
        assertThat(routes.isAmbiguous(HttpMethod.GET, path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/contacts/a",
                "/contacts/a;x=1",
                "/contacts/a%3bx",
                "/contacts/a%252fb",
                "/no/such;v=1/operation",
                "/no//such/operation",
                "/no/such%2foperation",
                "/locations/loc1",
                "/"
            })
    void agreeElsewhere(String path) {
        assertThat(routes.isAmbiguous(HttpMethod.GET, path)).isFalse();
    }
}
