package io.ghlgateway.credentials;

import io.ghlgateway.credentials.Installation.Origin;
import io.ghlgateway.credentials.Installation.Status;
import io.ghlgateway.credentials.Vault.Opened;
import io.ghlgateway.tenancy.Secret;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An installation as a record, to be encrypted: JSON, to which fields may be added but never change their meaning. */
final class InstallationForm {

    private InstallationForm() {}

    static Opened write(Installation installation) {
        var json = new JsonObject()
                .put("origin", installation.origin().name())
                .put("status", installation.status().name())
                .put("reason", installation.reason())
                .put("scopes", new JsonArray(List.copyOf(installation.scopes())))
                .put("changed", installation.changed().toEpochMilli())
                .put("since", installation.since().toEpochMilli());
        installation.companyId().ifPresent(id -> json.put("company", id));
        installation.userId().ifPresent(id -> json.put("user", id));
        installation.tokens().ifPresent(tokens -> json.put("tokens", write(tokens)));
        installation
                .version()
                .ifPresent(version -> json.put("version", version.id())
                        .put("versionSince", version.since().toEpochMilli()));
        var earlier = new JsonArray();
        installation.earlier().forEach(tokens -> earlier.add(write(tokens)));
        json.put("earlier", earlier);
        return new Opened(
                installation.key().name(),
                installation.generation(),
                json.toBuffer().getBytes());
    }

    private static JsonObject write(Tokens tokens) {
        var json = new JsonObject()
                .put("access", tokens.access().reveal())
                .put("obtained", tokens.obtained().toEpochMilli())
                .put("expires", tokens.expires().toEpochMilli());
        tokens.refresh().ifPresent(refresh -> json.put("refresh", refresh.reveal()));
        return json;
    }

    /** @throws RuntimeException if this is no installation's record */
    static Installation read(InstallationKey key, Opened record) {
        var json = new JsonObject(Buffer.buffer(record.plain()));
        return new Installation(
                key,
                record.generation(),
                Origin.valueOf(json.getString("origin")),
                Status.valueOf(json.getString("status")),
                json.getString("reason", ""),
                Optional.ofNullable(json.getString("company")),
                Optional.ofNullable(json.getString("user")),
                json.getJsonArray("scopes").stream().map(String.class::cast).collect(Collectors.toSet()),
                Optional.ofNullable(json.getJsonObject("tokens")).map(InstallationForm::tokens),
                json.getJsonArray("earlier").stream()
                        .map(each -> tokens((JsonObject) each))
                        .toList(),
                Instant.ofEpochMilli(json.getLong("changed")),
                Instant.ofEpochMilli(json.getLong("since", json.getLong("changed"))),
                Optional.ofNullable(json.getString("version"))
                        .map(id -> new AppVersion(id, Instant.ofEpochMilli(json.getLong("versionSince")))));
    }

    private static Tokens tokens(JsonObject json) {
        return new Tokens(
                Secret.of(json.getString("access")),
                Optional.ofNullable(json.getString("refresh")).map(Secret::of),
                Instant.ofEpochMilli(json.getLong("obtained")),
                Instant.ofEpochMilli(json.getLong("expires")));
    }
}
