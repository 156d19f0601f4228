package io.ghlgateway.edge;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs to pass on the headers of a request and of an answer, without those that stay here. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeadersBenchmark {

    /** As a service behind a load balancer sends them. */
    private final MultiMap asked = HttpHeaders.headers()
            .add("Host", "gateway:8080")
            .add("Authorization", "Bearer gw_0123abcd_0123456789abcdefghijklmnopqrstuv")
            .add("Version", "2021-07-28")
            .add("Accept", "application/json")
            .add("Accept-Encoding", "gzip, deflate, br")
            .add("User-Agent", "billing/1.4")
            .add("Content-Type", "application/json")
            .add("Content-Length", "512")
            .add("Connection", "keep-alive")
            .add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .add("X-Forwarded-For", "10.0.0.7")
            .add("X-Forwarded-Proto", "https");

    /** As HighLevel answers: its six rate headers, and those of the servers before it. */
    private final MultiMap answered = HttpHeaders.headers()
            .add("Date", "Thu, 26 Nov 2026 08:00:00 GMT")
            .add("Content-Type", "application/json; charset=utf-8")
            .add("Content-Length", "1024")
            .add("Connection", "keep-alive")
            .add("X-RateLimit-Limit-Daily", "200000")
            .add("X-RateLimit-Daily-Remaining", "199999")
            .add("X-RateLimit-Daily-Reset", "43200000")
            .add("X-RateLimit-Interval-Milliseconds", "10000")
            .add("X-RateLimit-Max", "100")
            .add("X-RateLimit-Remaining", "99")
            .add("ETag", "W/\"400-abc\"")
            .add("Vary", "Origin")
            .add("Server", "cloudflare")
            .add("CF-RAY", "8c0000000000-FRA")
            .add("CF-Cache-Status", "DYNAMIC")
            .add("Strict-Transport-Security", "max-age=15552000");

    @Setup
    public void check() {
        if (request().size() != 6 || response().size() != 15) {
            throw new IllegalStateException(request() + " " + response());
        }
    }

    @Benchmark
    public MultiMap request() {
        var headers = HttpHeaders.headers();
        ApiHandler.NOT_SENT_UPSTREAM.copyEndToEnd(asked, headers);
        return headers;
    }

    @Benchmark
    public MultiMap response() {
        var headers = HttpHeaders.headers();
        Visit.NOT_SENT_TO_CALLER.copyEndToEnd(answered, headers);
        return headers;
    }
}
