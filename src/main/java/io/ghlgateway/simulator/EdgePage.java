package io.ghlgateway.simulator;

/** What the edge in front of HighLevel answers by itself; none of it is JSON of HighLevel's form. */
enum EdgePage {
    /** The client's signature is banned: the User-Agent of some libraries. */
    CLOUDFLARE_1010(403, Type.HTML, cloudflare("Access denied", 1010)),
    /** The edge's own rate limit, which the rate headers say nothing of. */
    CLOUDFLARE_1015(429, Type.HTML, cloudflare("You are being rate limited", 1015)),
    UPSTREAM_CONNECT_ERROR(
            503,
            Type.TEXT,
            "upstream connect error or disconnect/reset before headers. reset reason: connection termination"),
    NO_HEALTHY_UPSTREAM(503, Type.TEXT, "no healthy upstream"),
    HTML(
            502,
            Type.HTML,
            "<html>\n<head><title>502 Bad Gateway</title></head>\n<body><center><h1>502 Bad Gateway</h1></center></body>\n</html>\n");

    private static final class Type {
        private static final String HTML = "text/html; charset=UTF-8";
        private static final String TEXT = "text/plain";
    }

    private final int status;
    private final String contentType;
    private final String body;

    EdgePage(int status, String contentType, String body) {
        this.status = status;
        this.contentType = contentType;
        this.body = body;
    }

    /** Whether the call never got as far as HighLevel, which then counts nothing of it. */
    boolean isBeforeHighLevel() {
        return this == CLOUDFLARE_1010 || this == CLOUDFLARE_1015;
    }

    Answer answer() {
        return Answer.text(status, contentType, body);
    }

    int status() {
        return status;
    }

    String contentType() {
        return contentType;
    }

    String body() {
        return body;
    }

    /** As scripts write it: {@code cloudflare-1010}. */
    @Override
    public String toString() {
        return Spelling.of(this);
    }

    private static String cloudflare(String title, int code) {
        return "<!DOCTYPE html>\n<html lang=\"en-US\">\n<head><title>" + title
                + " | services.leadconnectorhq.com used Cloudflare to restrict access</title></head>\n"
                + "<body><h1>Error " + code + "</h1><p>" + title + "</p><p>error code: " + code
                + "</p></body>\n</html>\n";
    }
}
