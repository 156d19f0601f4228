package io.ghlgateway.edge;

import io.ghlgateway.dispatch.Urgency;
import io.ghlgateway.tenancy.Caller;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/**
 * What a caller says by {@code Priority: u=0..7} (RFC 9218). Its other parameter, {@code i}, is about the parts of an
 * answer and means nothing here; what cannot be read is as good as unsaid (section 4). The field goes on to the
 * upstream as it came, for it is the caller's word to everyone on the way.
 */
final class Priority {

    private static final CharSequence PRIORITY = HttpHeaders.createOptimized("Priority");

    private Priority() {}

    /** The last {@code u} of the structured dictionary stands, as RFC 9651 has it. */
    static Urgency urgency(MultiMap headers) {
        if (!headers.contains(PRIORITY)) {
            return Urgency.UNSAID;
        }
        var urgency = Urgency.UNSAID;
        for (var member : String.join(",", headers.getAll(PRIORITY)).split(",", -1)) {
            var item = member.strip();
            int parameters = item.indexOf(';');
            var bare = parameters < 0 ? item : item.substring(0, parameters).strip();
            if (bare.equals("u") || bare.startsWith("u=")) {
                urgency = isLevel(bare) ? new Urgency(bare.charAt(2) - '0') : Urgency.UNSAID;
            }
        }
        return urgency;
    }

    /** How urgent the request is: as it says, as far as its caller may. */
    static Urgency urgency(MultiMap headers, Caller caller) {
        return Authorisation.urgency(caller, urgency(headers));
    }

    /** Says in the answer how it was understood, where it was said at all and the upstream says nothing (RFC 9218, section 5). */
    static void tell(MultiMap asked, Caller caller, MultiMap answer) {
        if (asked.contains(PRIORITY) && !answer.contains(PRIORITY)) {
            answer.set(PRIORITY, "u=" + urgency(asked, caller).level());
        }
    }

    private static boolean isLevel(String member) {
        return member.length() == 3 && member.charAt(2) >= '0' && member.charAt(2) <= '7';
    }
}
