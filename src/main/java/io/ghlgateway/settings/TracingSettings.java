package io.ghlgateway.settings;

import io.ghlgateway.tenancy.Secret;
import java.net.URI;
import java.util.Map;

/**
 * Where traces of requests go.
 *
 * @param endpoint takes OTLP over HTTP, as protobuf; with its path
 * @param headers what the endpoint wants to be sent, a token for one
 * @param serviceName what the gateway is called in traces
 * @param samplingRatio of the requests whose callers did not decide it, from 0 to 1
 * @param propagate whether HighLevel is told of the trace
 */
public record TracingSettings(
        URI endpoint, Map<String, Secret> headers, String serviceName, double samplingRatio, boolean propagate) {

    public static final String SERVICE_NAME = "ghl-gateway";
    public static final double SAMPLING_RATIO = 1;
    public static final boolean PROPAGATE = false;

    public TracingSettings {
        headers = Map.copyOf(headers);
    }
}
