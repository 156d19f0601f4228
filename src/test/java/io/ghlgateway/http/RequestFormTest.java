package io.ghlgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestFormTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "contacts",
                "http://x/contacts",
                "/a#b",
                "/a b",
                "/a\u0001",
                "/a\u007f",
                "/\u00e9",
                "/a?q=\u00e9",
                "/.",
                "/..",
                "/a/../b",
                "/a/./b",
                "/a/%2e%2E/b",
                "/a/.%2e",
                "/a/%2e",
                "/a/..;x=1/b",
                "/a%2f..%2Fb",
                "/a\\b",
                "/a%5cb",
                "/a%5Cb",
                "/a%00",
                "/a%0d%0aX",
                "/a%0Ab"
            })
    void refusesATargetThatTwoServersCouldReadInTwoWays(String uri) {
        assertThat(RequestForm.target(uri)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/contacts/",
                "/a..b/...",
                "/.well-known",
                "/a%20b",
                "/a%2520",
                "/a?x=../y&z=%00%5c",
                "/a?q=a\\b",
                "/a%2",
                "/caf%C3%A9"
            })
    void passesWhatIsPlain(String uri) {
        assertThat(RequestForm.target(uri)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "A.example:8080",
                "a:",
                "127.0.0.1",
                "[::1]",
                "[::FFFF:1.2.3.4]:443",
                "a%20b",
                "x_-~!$&'()*+,;="
            })
    void knowsAnAuthority(String text) {
        assertThat(RequestForm.isAuthority(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ":80", "[]", "[::1", "[::1]80", "[::g]", "a:b", "a:1:2", "a b", "a/", "user@a", "a,b?", "\u00e4",
                "[", "a]"
            })
    void knowsWhatIsNone(String text) {
        assertThat(RequestForm.isAuthority(text)).isFalse();
    }
}
