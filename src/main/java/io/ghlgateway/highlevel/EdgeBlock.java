package io.ghlgateway.highlevel;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.regex.Pattern;

/**
 * The edge before HighLevel (Cloudflare) refuses an address that sends too much: error 1015, with status 429 or 403 and a
 * page, a line of text or, for those who accept JSON, a problem document. It is about no key, and says nothing of a quota.
 */
public final class EdgeBlock {

    /** The page comes as "Error 1015", with markup between the two; the line as "error code: 1015". */
    private static final Pattern PAGE = Pattern.compile(
            "(?i)\\berror(?: code:)?(?:\\s|<[^>]{0,200}>){0,8}1015\\b|cf-error-code[^>]{0,200}>\\s*1015\\b");

    /** The page is some 7 KB. */
    private static final int LONGEST = 16 * 1024;

    private static final double RATE_LIMITED = 1015;

    private EdgeBlock() {}

    /** Whether it takes a look at the body to know. HighLevel's own refusals mostly have rate headers. */
    public static boolean isPossible(Reply reply) {
        return (reply.status() == 429 || reply.status() == 403) && !RateHeaders.areIn(reply.headers());
    }

    /** Whether the reply is that refusal; it can be relayed all the same. Never fails. */
    public static Future<Boolean> is(Reply reply) {
        if (!isPossible(reply)) {
            return Future.succeededFuture(false);
        }
        var type = reply.headers().get("content-type");
        boolean json = type != null && type.contains("json");
        return reply.peek(LONGEST).map(body -> body.isPresent() && (json ? inJson(body.get()) : inText(body.get())));
    }

    private static boolean inText(Buffer body) {
        return PAGE.matcher(body.toString()).find();
    }

    /** By its number alone: HighLevel's own JSON may quote words of a caller's. */
    private static boolean inJson(Buffer body) {
        return body.toString().contains("1015")
                && JsonText.object(body)
                        .filter(json -> json.getValue("error_code") instanceof Number code
                                && code.doubleValue() == RATE_LIMITED)
                        .isPresent();
    }
}
