package io.ghlgateway.admin;

import io.ghlgateway.admin.Answer.Problem;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may see, and who may change: the read key shows, the admin key does all. Without an admin key it is GET from this
 * machine only. Every change is told to the audit log first, and not made where that cannot be written.
 */
public final class OperatorsGuard {

    private static final Logger LOG = LoggerFactory.getLogger(OperatorsGuard.class);
    private static final String BEARER = "Bearer ";
    private static final String RANK = "rank";
    private static final String STANDS = "stands";
    /** Names of the loopback interface (RFC 6761, section 6.3), and addresses, which nobody can make lead elsewhere. */
    private static final Pattern LOCAL =
            Pattern.compile("(.+[.])?localhost[.]?|[0-9.]+|\\[[0-9a-f:.]+]", Pattern.CASE_INSENSITIVE);

    /**
     * What opens this door.
     *
     * @param readKey never without a key
     */
    public record Keys(Optional<Secret> key, Optional<Secret> readKey) {

        public static final Keys NONE = new Keys(Optional.empty(), Optional.empty());
    }

    private final Vertx vertx;
    private final Supplier<Keys> keys;
    private final AuditLog audit;

    /** @param keys as they are in force */
    public OperatorsGuard(Vertx vertx, Supplier<Keys> keys, AuditLog audit) {
        this.vertx = vertx;
        this.keys = keys;
        this.audit = audit;
    }

    /** Fails where the audit log cannot be written. */
    Future<Void> open() {
        return vertx.executeBlocking(audit::open);
    }

    void check(RoutingContext context) {
        var brought = bearer(context);
        var rank = rank(keys.get(), brought);
        BooleanSupplier stands = () -> rank(keys.get(), brought) == rank;
        context.put(RANK, rank);
        context.put(STANDS, stands);
        switch (rank) {
            case FULL -> {
                if (changes(context)) {
                    tell(context);
                } else {
                    context.next();
                }
            }
            case READ -> {
                if (changes(context)) {
                    refuse(
                            context,
                            403,
                            "this key (admin.read-key) only shows; changes take the admin key (admin.key)");
                } else {
                    context.next();
                }
            }
            case NONE -> {
                context.response().putHeader("WWW-Authenticate", "Bearer realm=\"ghl-gateway admin\"");
                refuse(context, 401, "the admin key is needed, as 'Authorization: Bearer <key>'");
            }
            case KEYLESS -> showHere(context);
        }
    }

    private static void showHere(RoutingContext context) {
        var asker = context.request().remoteAddress().hostAddress();
        if (!asker.startsWith("127.") && !asker.equals("0:0:0:0:0:0:0:1")) {
            refuse(context, 403, "without an admin key (admin.key) this door answers its own machine only");
        } else if (!isOfThisMachine(context.request().authority())) {
            refuse(
                    context,
                    403,
                    "without an admin key (admin.key) this door answers to localhost and this machine's addresses only:"
                            + " another name may be a web page's that was made to lead here");
        } else if (context.request().method() != HttpMethod.GET) {
            refuse(context, 403, "without an admin key (admin.key) this door only shows");
        } else {
            context.next();
        }
    }

    /** What the key that was brought opens: all, what is only shown, nothing; or all without one. */
    private enum Rank {
        FULL,
        READ,
        NONE,
        KEYLESS
    }

    private static Rank rank(Keys inForce, Optional<Secret> brought) {
        if (inForce.key().isEmpty()) {
            return Rank.KEYLESS;
        }
        if (brought.isPresent() && inForce.key().equals(brought)) {
            return Rank.FULL;
        }
        return brought.isPresent() && inForce.readKey().equals(brought) ? Rank.READ : Rank.NONE;
    }

    /** Whether what was let through would be let through now, and no further; for answers that last. */
    static boolean stands(RoutingContext context) {
        BooleanSupplier stands = context.get(STANDS);
        return stands == null || stands.getAsBoolean();
    }

    /**
     * Whether it was asked for under a name that only this machine has. A page of a browser here can have its own host's name
     * lead to the loopback address (DNS rebinding), and would then read this door as if it were its own.
     */
    private static boolean isOfThisMachine(@Nullable HostAndPort asked) {
        return asked == null || LOCAL.matcher(asked.host()).matches();
    }

    /** What who is let through may do, for the console. */
    static JsonObject rights(RoutingContext context) {
        Rank rank = context.get(RANK);
        return new JsonObject().put("may-change", rank == Rank.FULL).put("key", rank != null && rank != Rank.KEYLESS);
    }

    private static boolean changes(RoutingContext context) {
        return context.request().method() != HttpMethod.GET && context.request().method() != HttpMethod.HEAD;
    }

    private void tell(RoutingContext context) {
        var request = context.request().pause();
        var did = request.method() + " " + request.path();
        vertx.executeBlocking(
                        () -> audit.write("admin-key", request.remoteAddress().hostAddress(), did), false)
                .onComplete((told, failure) -> {
                    request.resume();
                    if (failure == null) {
                        context.next();
                    } else {
                        LOG.error(
                                "the audit log cannot be written, and nothing is changed until it can: {}",
                                failure.toString());
                        refuse(context, 503, "the audit log (admin.audit) cannot be written, so nothing was changed");
                    }
                });
    }

    private static Optional<Secret> bearer(RoutingContext context) {
        return Optional.ofNullable(context.request().getHeader("Authorization"))
                .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(value -> value.substring(BEARER.length()).trim())
                .filter(value -> !value.isEmpty())
                .map(Secret::of);
    }

    private static void refuse(RoutingContext context, int status, String detail) {
        JsonRoutes.send(context, Problem.of(status, detail));
    }
}
