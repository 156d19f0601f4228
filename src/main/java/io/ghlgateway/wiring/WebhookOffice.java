package io.ghlgateway.wiring;

import io.ghlgateway.admin.WebhookDesk;
import io.ghlgateway.credentials.ChangedMeanwhile;
import io.ghlgateway.credentials.RecordName;
import io.ghlgateway.tenancy.Secret;
import io.ghlgateway.webhooks.Deliveries;
import io.ghlgateway.webhooks.EventQueue.DeadLetter;
import io.ghlgateway.webhooks.StandardSignature;
import io.ghlgateway.webhooks.Subscriber;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Webhooks as operators have them before them. */
record WebhookOffice(Webhooks webhooks) implements WebhookDesk {

    @Override
    public Collection<Subscription> all() {
        return webhooks.subscribers().all().stream().map(WebhookOffice::view).toList();
    }

    @Override
    public Optional<Subscription> find(String name) {
        return webhooks.subscribers().find(name).map(WebhookOffice::view);
    }

    private static Subscription view(Subscriber subscriber) {
        return new Subscription(subscriber.name(), subscriber.url(), subscriber.types(), subscriber.tenants());
    }

    @Override
    public boolean isConfigured(String name) {
        return webhooks.subscribers().isConfigured(name);
    }

    @Override
    public String own() {
        return Deliveries.GATEWAY;
    }

    @Override
    public long generation(String name) {
        return webhooks.subscribers().generation(name);
    }

    @Override
    public Optional<String> wrongWith(Secret secret) {
        return StandardSignature.takes(secret.reveal())
                ? Optional.empty()
                : Optional.of("expected " + StandardSignature.EXPECTED);
    }

    @Override
    public Future<Void> put(Subscription wanted, Secret secret, long from) {
        return webhooks.subscribers()
                .put(new Subscriber(wanted.name(), wanted.url(), secret, wanted.types(), wanted.tenants()), from);
    }

    @Override
    public Future<Void> change(Subscription wanted, long from) {
        return webhooks.subscribers()
                .find(wanted.name())
                .map(there -> put(wanted, there.secret(), from))
                .orElseGet(() -> Future.failedFuture(
                        new ChangedMeanwhile(new RecordName(RecordName.Kind.SUBSCRIBER, wanted.name()))));
    }

    @Override
    public Future<Void> remove(String name, long from) {
        // By the replica that removed it alone: one that hears of it late would drop what came for another of that
        // name.
        return webhooks.subscribers()
                .remove(name, from)
                .compose(removed -> webhooks.queue().forget(name).recover(unreachable -> {
                    webhooks.meters().queueUnreachable(String.valueOf(unreachable.getMessage()));
                    return Future.succeededFuture(); // it is gone all the same; the next start drops the rest
                }));
    }

    @Override
    public Future<Void> forget(String name) {
        return webhooks.queue().forget(name);
    }

    @Override
    public Future<Line> line(String name) {
        return webhooks.queue()
                .standing(name)
                .map(standing -> new Line(standing.waiting(), standing.dead(), standing.oldest()));
    }

    @Override
    public Future<List<Letter>> dead(String name, int from, int most) {
        return webhooks.queue()
                .dead(name, from, most)
                .map(letters -> letters.stream().map(WebhookOffice::letter).toList());
    }

    private static Letter letter(DeadLetter letter) {
        var event = letter.event();
        return new Letter(
                event.id(),
                event.app().id(),
                event.type(),
                event.resource().map(Object::toString),
                event.received(),
                letter.buried(),
                letter.attempts(),
                letter.why());
    }

    @Override
    public Future<Integer> replay(String name, Optional<String> id) {
        return webhooks.queue()
                .replay(name, id)
                .onSuccess(count -> webhooks.deliveries().wake(List.of(name)));
    }

    @Override
    public Map<String, Long> received() {
        return webhooks.meters().received();
    }

    @Override
    public Map<String, Map<String, Long>> deliveries() {
        return webhooks.meters().deliveries();
    }

    @Override
    public Map<String, Long> unknownTypes() {
        return webhooks.meters().unknownTypes();
    }
}
