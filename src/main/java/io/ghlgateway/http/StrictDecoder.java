package io.ghlgateway.http;

import com.github.benmanes.caffeine.cache.Ticker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.List;
import java.util.OptionalLong;

/**
 * Reads requests as Vert.x's own decoder does, and beyond that refuses one that begins with anything but empty lines and a
 * method, and a header field that is folded over several lines (RFC 9112, section 5.2), which other parties read in other
 * ways; takes a target in absolute form that names the authority of the Host field for its path (section 3.2.2); has nobody
 * change to HTTP/2 by {@code Upgrade}, which a server may ignore (RFC 9110, section 7.8) and Vert.x grants before it has
 * looked at what this decoder found; and knows since when it waits for the rest of a head. On the connection's event loop.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {

    /** HTTP, perhaps, but none that is spoken here. */
    static final class OtherVersion extends Exception {
        private static final long serialVersionUID = 1;

        OtherVersion() {
            super("this server speaks HTTP/1.1, and HTTP/2 where it says so", null, false, false);
        }
    }

    private static final AsciiString HTTP2_SETTINGS = AsciiString.cached("http2-settings");

    private final Ticker ticker;

    /** Whether what comes next belongs to a head. */
    private boolean inHead = true;
    /** Whether some of that head has come, or empty lines before it. */
    private boolean begun;
    /** Whether its request line has begun. */
    private boolean inLines;

    private long since;
    private boolean broken;

    StrictDecoder(DoorLimits limits, Ticker ticker) {
        super(new Http1ServerConfig().setMaxInitialLineLength(limits.line()).setMaxHeaderSize(limits.head()));
        this.ticker = ticker;
    }

    /** Since when a head is incomplete of which something came, by the ticker. */
    OptionalLong waitingSince() {
        return begun ? OptionalLong.of(since) : OptionalLong.empty();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out) throws Exception {
        if (broken) {
            buffer.skipBytes(buffer.readableBytes());
            return;
        }
        if (inHead && !inLines && beginsAstray(buffer)) {
            buffer.skipBytes(buffer.readableBytes());
            out.add(refused(new IllegalArgumentException("a request begins with its method (RFC 9112, section 3)")));
            return;
        }
        if (inHead && isFolded(buffer)) {
            buffer.skipBytes(buffer.readableBytes());
            out.add(refused(new IllegalArgumentException("a header field stands on one line (RFC 9112, section 5.2)")));
            return;
        }
        if (inHead && !begun) {
            begun = true;
            since = ticker.read();
        }
        int before = out.size();
        super.decode(ctx, buffer, out);
        for (int i = before; i < out.size(); i++) {
            var part = out.get(i);
            heard(part);
            if (isMalformedBody(part) && BrokenBody.tell(ctx.channel(), (HttpObject) part)) {
                ReferenceCountUtil.release(out.remove(i)); // Vert.x would close the connection, and nobody hear why
                broken = true;
                return;
            }
            if (part instanceof HttpMessage message && isOfAnotherVersion(message)) {
                out.subList(i, out.size()).clear();
                out.add(refused(new OtherVersion()));
            }
        }
    }

    private static boolean isMalformedBody(Object part) {
        return part instanceof HttpContent content && content.decoderResult().isFailure();
    }

    private HttpMessage refused(Exception cause) {
        broken = true;
        var bad = createInvalidMessage();
        bad.setDecoderResult(DecoderResult.failure(cause));
        return bad;
    }

    private static boolean isOfAnotherVersion(HttpMessage message) {
        return message.decoderResult().isSuccess()
                // Not by equals, which takes "http/1.1" for the same.
                && message.protocolVersion() != HttpVersion.HTTP_1_1
                && message.protocolVersion() != HttpVersion.HTTP_1_0;
    }

    private void heard(Object part) {
        if (part instanceof HttpMessage message) {
            inHead = false;
            begun = false;
            inLines = false;
            if (message instanceof HttpRequest request) {
                relative(request);
                request.headers().remove(HttpHeaderNames.UPGRADE).remove(HTTP2_SETTINGS);
            }
        }
        if (part instanceof LastHttpContent) {
            inHead = true;
        }
    }

    /** Netty passes over blanks and control characters there, in whatever number; nobody but an attacker sends any. */
    private static boolean beginsAstray(ByteBuf buffer) {
        int at = buffer.forEachByte(character -> isLineEnd(character));
        return at >= 0 && buffer.getByte(at) >= 0 && buffer.getByte(at) <= ' ';
    }

    /** Complete lines only have been taken before, so that what is there begins with one. */
    private boolean isFolded(ByteBuf buffer) {
        int from = buffer.readerIndex();
        int end = buffer.writerIndex();
        if (from == end) {
            return false;
        }
        if (inLines && isBlank(buffer.getByte(from))) {
            return true;
        }
        if (inLines && isLineEnd(buffer.getByte(from))) {
            return false; // the head ends here, and what follows is the body
        }
        if (!inLines) { // empty lines may stand before a request line
            while (from < end && isLineEnd(buffer.getByte(from))) {
                from++;
            }
            inLines = from < end;
        }
        for (int feed = buffer.indexOf(from, end, (byte) '\n');
                feed >= 0 && feed + 1 < end;
                feed = buffer.indexOf(feed + 1, end, (byte) '\n')) {
            byte next = buffer.getByte(feed + 1);
            if (isBlank(next)) {
                return true;
            }
            if (isLineEnd(next)) {
                return false; // the head ends here
            }
        }
        return false;
    }

    private static boolean isLineEnd(byte character) {
        return character == '\r' || character == '\n';
    }

    private static boolean isBlank(byte character) {
        return character == ' ' || character == '\t';
    }

    private static void relative(HttpRequest request) {
        var uri = request.uri();
        if (uri.startsWith("/")) {
            return;
        }
        int scheme =
                uri.regionMatches(true, 0, "http://", 0, 7) ? 7 : uri.regionMatches(true, 0, "https://", 0, 8) ? 8 : 0;
        var hosts = request.headers().getAll(HttpHeaderNames.HOST);
        if (scheme == 0 || hosts.size() != 1) {
            return;
        }
        int end = scheme;
        while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
            end++;
        }
        if (uri.substring(scheme, end).equalsIgnoreCase(hosts.get(0))) {
            var rest = uri.substring(end);
            request.setUri(rest.startsWith("/") ? rest : "/" + rest);
        }
    }
}
