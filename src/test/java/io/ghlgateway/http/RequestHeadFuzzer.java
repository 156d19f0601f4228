package io.ghlgateway.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * For Jazzer: whatever bytes come, and in whatever pieces, the decoder understands the same requests and throws nothing; and
 * what it understands says once how long its body is, in fields of one line.
 */
public final class RequestHeadFuzzer {

    private static final DoorLimits LIMITS = new DoorLimits(
            1_024, 2_048, Duration.ofSeconds(10), Duration.ofSeconds(60), Optional.empty(), DoorLimits.STALL);

    private RequestHeadFuzzer() {}

    /** @param data the first byte says how long pieces are, the rest is what a connection brings */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        var bytes = Arrays.copyOfRange(data, 1, data.length);
        var whole = read(bytes, Math.max(1, bytes.length));
        var pieces = read(bytes, 1 + (data[0] & 0x3f));
        if (!whole.equals(pieces)) {
            throw new AssertionError("at once " + whole + ", in pieces " + pieces);
        }
    }

    /** Each head, up to where something is wrong: what comes after that is nobody's. */
    private static List<String> read(byte[] bytes, int piece) {
        var channel = new EmbeddedChannel(new StrictDecoder(LIMITS, () -> 0));
        var heard = new ArrayList<String>();
        boolean broken = false;
        for (int from = 0; from < bytes.length; from += piece) {
            channel.writeInbound(Unpooled.copiedBuffer(bytes, from, Math.min(piece, bytes.length - from)));
            for (Object part = channel.readInbound(); part != null; part = channel.readInbound()) {
                if (!broken && ((HttpObject) part).decoderResult().isFailure()) {
                    broken = true;
                    heard.add("refused");
                } else if (!broken && part instanceof HttpRequest head) {
                    heard.add(sound(head));
                }
                ReferenceCountUtil.release(part);
            }
        }
        channel.finishAndReleaseAll();
        return heard;
    }

    private static String sound(HttpRequest head) {
        var headers = head.headers();
        for (var field : headers) {
            if (field.getValue().chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)
                    || !field.getKey().matches("[!#$%&'*+.^_`|~0-9A-Za-z-]*")) {
                throw new AssertionError("no field to pass on: " + field);
            }
        }
        var lengths = headers.getAll("content-length");
        if (lengths.size() > 1
                || !lengths.stream().allMatch(length -> length.matches("[0-9]+"))
                || !lengths.isEmpty() && headers.contains("transfer-encoding")) {
            throw new AssertionError("how long is it? " + headers);
        }
        return head.method() + " " + head.uri() + " " + headers.entries();
    }
}
