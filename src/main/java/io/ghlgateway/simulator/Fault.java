package io.ghlgateway.simulator;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One scripted misbehaviour: what happens, to which calls, and how often. Only a call that is valid and within its quota
 * can meet a fault; calls for tokens, which need neither, always can.
 *
 * @param times how many calls it strikes; {@link #ALWAYS} for all that match
 * @param after how many matching calls pass unharmed first
 * @param delay how long the misbehaviour waits, in place of the usual latency; zero means the usual latency, and for a
 *     stall, for ever
 * @param status what a {@link Kind#FAIL} answers
 * @param contentType what a {@link Kind#FAIL} answers
 * @param body what a {@link Kind#FAIL} answers
 * @param words what a {@link Kind#FAIL} answers in place of the body: HighLevel's own words, with the call's trace
 * @param retryAfter sent with a throttle or fail, unless zero
 * @param commits whether a {@link Kind#FAIL} strikes after the call took effect; otherwise the call has none
 * @param atEdge whether a {@link Kind#FAIL} strikes before HighLevel: nothing is spent, and no rate header sent
 */
record Fault(
        Match match,
        Kind kind,
        int times,
        int after,
        Duration delay,
        int status,
        String contentType,
        String body,
        Optional<Wording> words,
        Duration retryAfter,
        boolean commits,
        boolean atEdge) {

    static final int ALWAYS = -1;

    /** How a server may misbehave. */
    enum Kind {
        /** 429 though there was room; nothing is spent, and it is counted as refused. */
        THROTTLE,
        /** An error of the edge in front of HighLevel, 503 in plain text unless scripted otherwise; quota is spent but for what Cloudflare answers. */
        FAIL,
        /** Quota is spent, and the answer's head comes after the delay, or never. Tokens were given all the same. */
        STALL,
        /** Quota is spent, and the connection closes before any byte of the answer. Tokens were given all the same. */
        DROP,
        /** Quota is spent, and the connection closes after the answer's head and half its body. */
        RESET,
        /** 401 as for a token that was revoked, or 400 as for a refresh token; nothing is spent, no token given. */
        REVOKE;

        @Override
        public String toString() {
            return Spelling.of(this);
        }
    }

    Answer tooMany(Visit visit) {
        return visit.refusal(429, "Too Many Requests").retryAfter(retryAfter);
    }

    /** What a {@link Kind#FAIL} answers. */
    Answer failure(Visit visit) {
        return words.map(said -> visit.voice().refusal(status, said))
                .orElseGet(() -> Answer.text(status, contentType, body))
                .retryAfter(retryAfter);
    }

    /**
     * Which calls a fault is for; {@code *} as a method, path or resource stands for any.
     *
     * @param path raw path without query; in it {@code *} stands for part of one segment and {@code **} for anything
     */
    record Match(String method, String path, String resource) {

        static final Match ANY = new Match("*", "**", "*");

        private static final Pattern PART = Pattern.compile("\\*\\*|\\*|[^*]+");

        /** The path as a regular expression. */
        Pattern pathPattern() {
            return Pattern.compile(PART.matcher(path.equals("*") ? "**" : path)
                    .replaceAll(part -> Matcher.quoteReplacement(expression(part.group()))));
        }

        private static String expression(String part) {
            return part.equals("**") ? ".*" : part.equals("*") ? "[^/]*" : Pattern.quote(part);
        }
    }
}
