package io.ghlgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whatever pieces a request comes in, it is read alike. */
class StrictDecoderTest {

    private static final String BODY = "{\r\n \"a\": 1,\n\t\"b\": 2}";
    private static final String POST = "POST /contacts/ HTTP/1.1\r\nHost: gateway\r\nContent-Length: " + BODY.length()
            + "\r\nX-Last: z\r\n\r\n" + BODY;
    private static final String FOLDED = "GET / HTTP/1.1\r\nHost: gateway\r\nX-A: b\r\n c\r\n\r\n";

    private static final DoorLimits LIMITS = new DoorLimits(
            DoorLimits.LINE,
            32_768,
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Optional.empty(),
            DoorLimits.STALL);

    @Test
    void aBodyOfIndentedLinesIsNoFoldedField() {
        for (int cut = 0; cut <= POST.length(); cut++) {
            assertThat(read(POST.substring(0, cut), POST.substring(cut), POST))
                    .as("cut at " + cut)
                    .containsExactly("POST /contacts/", BODY, "POST /contacts/", BODY);
        }
        assertThat(read(POST.split(""))).containsExactly("POST /contacts/", BODY);
    }

    @Test
    void aFoldedFieldIsRefused() {
        for (var before : List.of("", "\r\n", POST)) {
            for (int cut = 0; cut <= FOLDED.length(); cut++) {
                assertThat(read(before, "\r\n", FOLDED.substring(0, cut), FOLDED.substring(cut)))
                        .as("cut at " + cut)
                        .last()
                        .isEqualTo("refused");
            }
        }
    }

    /** What was understood: method and target of each head, and the whole of each body that has any. */
    private static List<String> read(String... pieces) {
        var channel = new EmbeddedChannel(new StrictDecoder(LIMITS, () -> 0));
        for (var piece : pieces) {
            channel.writeInbound(Unpooled.copiedBuffer(piece, StandardCharsets.ISO_8859_1));
        }
        var heard = new ArrayList<String>();
        var body = new StringBuilder();
        for (Object part = channel.readInbound(); part != null; part = channel.readInbound()) {
            if (part instanceof HttpRequest head) {
                heard.add(head.decoderResult().isFailure() ? "refused" : head.method() + " " + head.uri());
            }
            if (part instanceof HttpContent content) {
                body.append(content.content().toString(StandardCharsets.ISO_8859_1));
                if (body.length() == BODY.length()) {
                    heard.add(body.toString());
                    body.setLength(0);
                }
            }
            ReferenceCountUtil.release(part);
        }
        channel.finishAndReleaseAll();
        return heard;
    }
}
