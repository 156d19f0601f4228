package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;

class HopByHopTest {

    private final MultiMap from = MultiMap.caseInsensitiveMultiMap();
    private final MultiMap to = MultiMap.caseInsensitiveMultiMap();

    @Test
    void dropsWhatBelongsToOneConnection() {
        for (var name : new String[] {
            "Connection",
            "Keep-Alive",
            "Proxy-Connection",
            "Proxy-Authenticate",
            "Proxy-Authorization",
            "TE",
            "Trailer",
            "Transfer-Encoding",
            "Upgrade",
            "HTTP2-Settings"
        }) {
            from.add(name, "x");
        }
        from.add("Accept", "a");

        HopByHop.copyEndToEnd(from, to, name -> false);

        assertThat(to.names()).containsExactly("Accept");
    }

    @Test
    void dropsWhatTheMessageItselfNamesInWhateverCase() {
        from.add("Connection", "close, X-One").add("connection", " x-TWO ,");
        from.add("x-one", "1").add("X-Two", "2").add("X-Three", "3");

        HopByHop.copyEndToEnd(from, to, name -> false);

        assertThat(to.names()).containsExactly("X-Three");
    }

    @Test
    void keepsRepeatsInOrderAndDropsTheOthersNamed() {
        from.add("Set-Cookie", "a").add("Set-Cookie", "b").add("Authorization", "secret");

        HopByHop.copyEndToEnd(from, to, "authorization"::equals);

        assertThat(to.getAll("set-cookie")).containsExactly("a", "b");
        assertThat(to.contains("authorization")).isFalse();
    }
}
