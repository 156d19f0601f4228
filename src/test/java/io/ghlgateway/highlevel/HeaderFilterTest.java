package io.ghlgateway.highlevel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HeaderFilterTest {

    private static final HeaderFilter NOTHING_ELSE = new HeaderFilter(Set.of(), Set.of());

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

        NOTHING_ELSE.copyEndToEnd(from, to);

        assertThat(to.names()).containsExactly("Accept");
    }

    @Test
    void dropsWhatTheMessageItselfNamesInWhateverCase() {
        from.add("Connection", "close, X-One").add("connection", " x-TWO ,");
        from.add("x-one", "1").add("X-Two", "2").add("X-Three", "3");

        NOTHING_ELSE.copyEndToEnd(from, to);

        assertThat(to.names()).containsExactly("X-Three");
    }

    @Test
    void keepsRepeatsInOrderAndDropsTheOthersNamed() {
        from.add("Set-Cookie", "a")
                .add("Set-Cookie", "b")
                .add("Authorization", "secret")
                .add("X-User-Id", "7");

        new HeaderFilter(Set.of("authorization"), Set.of("x-user-")).copyEndToEnd(from, to);

        assertThat(to.getAll("set-cookie")).containsExactly("a", "b");
        assertThat(to.names()).containsExactly("Set-Cookie");
    }
}
