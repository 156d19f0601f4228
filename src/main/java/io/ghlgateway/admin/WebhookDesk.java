package io.ghlgateway.admin;

import io.ghlgateway.tenancy.Secret;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What operators see of webhooks and decide upon. Any thread; futures complete on any, and nothing throws. */
public interface WebhookDesk {

    /** A subscriber, without its secret. */
    record Subscription(String name, URI url, List<String> types, List<String> tenants) {}

    /** @param oldest when the first of what waits was accepted */
    record Line(long waiting, long dead, Optional<Instant> oldest) {}

    /** An event that was not taken, without its body. */
    record Letter(
            String id,
            String app,
            String type,
            Optional<String> resource,
            Instant received,
            Instant buried,
            int attempts,
            String why) {}

    Collection<Subscription> all();

    Optional<Subscription> find(String name);

    /** Whether only the configuration can change it. */
    boolean isConfigured(String name);

    /** The name of the gateway's own line, which no subscriber can have. */
    String own();

    /** Why deliveries cannot be signed with it; empty where they can. */
    Optional<String> wrongWith(Secret secret);

    /** Counts the changes; to be asked before all else that a change depends on. */
    long generation(String name);

    /** @return fails with {@link io.ghlgateway.credentials.ChangedMeanwhile} where somebody else came first */
    Future<Void> put(Subscription subscription, Secret secret, long from);

    /** As {@link #put}, with the secret that it has. */
    Future<Void> change(Subscription subscription, long from);

    /** As {@link #put}. */
    Future<Void> remove(String name, long from);

    /** Drops what is kept for one who is no subscriber any more. */
    Future<Void> forget(String name);

    Future<Line> line(String name);

    Future<List<Letter>> dead(String name, int from, int most);

    /** @return how many were there */
    Future<Integer> replay(String name, Optional<String> id);

    /** How many webhooks ended how, at this replica since its start. */
    Map<String, Long> received();

    /** How many deliveries to each subscriber ended how, likewise. */
    Map<String, Map<String, Long>> deliveries();

    /** Types that HighLevel does not document and how often they came, likewise. */
    Map<String, Long> unknownTypes();
}
