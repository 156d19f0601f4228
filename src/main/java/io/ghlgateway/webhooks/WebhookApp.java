package io.ghlgateway.webhooks;

import io.ghlgateway.highlevel.WebhookSignature;
import io.ghlgateway.tenancy.App;

/**
 * An app that HighLevel sends webhooks for.
 *
 * @param appId HighLevel's id of it, which its client id begins with
 */
public record WebhookApp(App app, String appId, WebhookSignature signature) {}
